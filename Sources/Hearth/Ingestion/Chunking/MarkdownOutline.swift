/// The sections of a Markdown text (CommonMark's ATX headings), nested by their level.
enum MarkdownOutline {
    static func outline(_ source: [UInt8]) -> [OutlineNode] {
        var headings: [(level: Int, title: String, offset: Int)] = []
        var isFenced = false
        var offset = 0
        for line in source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("```") || text.hasPrefix("~~~") { isFenced.toggle() }
            let level = text.prefix { $0 == "#" }.count
            if !isFenced, (1...6).contains(level), text.dropFirst(level).first == " " {
                let title = text.dropFirst(level + 1).trimmingHashes()
                headings.append((level, title, offset))
            }
            offset += line.count + 1
        }
        return sections(headings[...], end: source.count)
    }

    private static func sections(_ headings: ArraySlice<(level: Int, title: String, offset: Int)>, end: Int)
        -> [OutlineNode]
    {
        var nodes: [OutlineNode] = []
        var rest = headings
        while let first = rest.popFirst() {
            let inner = rest.prefix { $0.level > first.level }
            rest = rest.dropFirst(inner.count)
            let stop = rest.first?.offset ?? end
            nodes.append(
                OutlineNode(
                    name: first.title, signature: String(repeating: "#", count: first.level) + " " + first.title,
                    bytes: first.offset..<stop, children: sections(inner, end: stop)))
        }
        return nodes
    }
}

extension Substring {
    fileprivate func trimmingHashes() -> String {
        var text = self
        while let last = text.last, last == "#" || last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
