/// Plots of a report as SVG, drawn into the page.
enum HTMLPlot {
    private static let (left, width, row) = (130, 420, 22)

    /// The share that passed of each kind, with its interval and its threshold.
    static func shares(_ kinds: [KindVerdict]) -> String {
        let height = kinds.count * row + 30
        var svg = open(height, label: "Share of cases that passed, by kind, with 95 % intervals")
        for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
            svg += #"<line x1="\#(x(tick))" y1="4" x2="\#(x(tick))" y2="\#(height - 22)" class="grid"/>"#
            svg += #"<text x="\#(x(tick))" y="\#(height - 6)" text-anchor="middle">\#(Int(tick * 100)) %</text>"#
        }
        for (place, kind) in kinds.enumerated() {
            let y = place * row + 15
            let mark = kind.isGreen ? "green" : "red"
            svg += #"<text x="\#(left - 8)" y="\#(y + 4)" text-anchor="end">\#(kind.kind.rawValue)</text>"#
            svg +=
                #"<line x1="\#(x(kind.interval.low))" y1="\#(y)" x2="\#(x(kind.interval.high))" y2="\#(y)" class="\#(mark) whisker"/>"#
            svg += #"<circle cx="\#(x(kind.interval.share))" cy="\#(y)" r="5" class="\#(mark)"/>"#
            svg +=
                #"<line x1="\#(x(kind.threshold))" y1="\#(y - 8)" x2="\#(x(kind.threshold))" y2="\#(y + 8)" class="threshold"/>"#
        }
        return svg + "</svg>"
    }

    /// Where in the prompt the fact stood, of every question with one, and whether its case passed.
    static func places(_ cases: [CaseResult]) -> String {
        let kinds: [CaseKind] = [.depth, .noise, .canary, .integration, .meaning, .metamorphic]
        let rows = kinds.filter { kind in cases.contains { $0.kind == kind } }
        let height = rows.count * row + 30
        var svg = open(height, label: "Place of the fact in the prompt, from its beginning to its end, by kind")
        for (text, share) in [("first", 0.0), ("last", 1.0)] {
            svg += #"<text x="\#(x(share))" y="\#(height - 6)" text-anchor="middle">\#(text)</text>"#
        }
        for (place, kind) in rows.enumerated() {
            let y = place * row + 15
            svg += #"<text x="\#(left - 8)" y="\#(y + 4)" text-anchor="end">\#(kind.rawValue)</text>"#
            svg += #"<line x1="\#(x(0))" y1="\#(y)" x2="\#(x(1))" y2="\#(y)" class="grid"/>"#
            for result in cases where result.kind == kind {
                for ask in result.asks {
                    guard let gold = ask.goldPlace, ask.promptPassages > 0 else { continue }
                    let share = ask.promptPassages == 1 ? 0 : Double(gold - 1) / Double(ask.promptPassages - 1)
                    svg +=
                        #"<circle cx="\#(x(share))" cy="\#(y)" r="5" class="\#(result.passed ? "green" : "red")"><title>\#(Markup.escaped(result.id)): \#(gold) of \#(ask.promptPassages)</title></circle>"#
                }
            }
        }
        return svg + "</svg>"
    }

    /// A heat map: whether the fact was told, and at which place of the prompt its passage stood, by rank and depth.
    static func grid(_ grid: VerifyGrid) -> String {
        let cell = (width: width / max(1, grid.depths.count), height: 34)
        let height = grid.ranks.count * cell.height + 26
        var svg = open(height, label: "Facts that were told, by the rank of their passage and their depth in it")
        for (row, rank) in grid.ranks.enumerated() {
            let y = row * cell.height + cell.height / 2 + 6
            svg += #"<text x="\#(left - 8)" y="\#(y)" text-anchor="end">rank \#(rank)</text>"#
        }
        for (column, depth) in grid.depths.enumerated() {
            let x = left + column * cell.width + cell.width / 2
            svg += #"<text x="\#(x)" y="\#(height - 6)" text-anchor="middle">\#(depth) % down</text>"#
        }
        for place in grid.places {
            guard let row = grid.ranks.firstIndex(of: place.cell.rank),
                let column = grid.depths.firstIndex(of: place.cell.depth)
            else { continue }
            let (x, y) = (left + column * cell.width, row * cell.height + 2)
            let said = place.stoodAt.map { "at \($0)" } ?? "not there"
            svg +=
                #"<rect x="\#(x + 1)" y="\#(y)" width="\#(cell.width - 2)" height="\#(cell.height - 2)" class="\#(place.passed ? "green" : "red")"><title>\#(Markup.escaped(place.caseID))</title></rect>"#
            svg +=
                #"<text x="\#(x + cell.width / 2)" y="\#(y + cell.height / 2 + 4)" text-anchor="middle" class="mark">\#(said)</text>"#
        }
        return svg + "</svg>"
    }

    private static func x(_ share: Double) -> Int { left + Int(share * Double(width)) }

    private static func open(_ height: Int, label: String) -> String {
        #"<svg viewBox="0 0 \#(left + width + 40) \#(height)" role="img" aria-label="\#(label)">"#
    }
}
