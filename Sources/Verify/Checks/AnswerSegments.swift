import Hearth

/// An answer cut at its markers: what is said, and which passages are named for it.
struct AnswerSegments: Sendable {
    struct Segment: Hashable, Sendable {
        var text: String
        /// The passages that the markers behind it name; empty behind the last marker.
        var numbers: [Int]
    }

    let segments: [Segment]
    /// Every number of every marker.
    let numbers: [Int]

    init(_ answer: String) {
        let scalars = Array(answer.unicodeScalars)
        let markers = MarkerScan.markers(in: answer)
        let text = { (range: Range<Int>) in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }
        var segments: [Segment] = []
        var start = 0
        for marker in markers {
            var piece = text(start..<marker.range.lowerBound)
            Self.move(blockFrom: &piece, to: &segments)
            // `… [1] [2]`, `… [1], [2]`: one statement with two sources.
            if let last = segments.indices.last, piece.allSatisfy({ $0.isWhitespace || ",;.".contains($0) }) {
                segments[last].numbers += marker.numbers
            } else {
                segments.append(Segment(text: piece, numbers: marker.numbers))
            }
            start = marker.range.upperBound
        }
        var rest = text(start..<scalars.count)
        Self.move(blockFrom: &rest, to: &segments)
        if rest.contains(where: { !$0.isWhitespace }) { segments.append(Segment(text: rest, numbers: [])) }
        self.segments = segments
        numbers = markers.flatMap(\.numbers)
    }

    /// `a.swift says [1]:` and a fenced block: what the block says is what the marker before it is for.
    private static func move(blockFrom piece: inout String, to segments: inout [Segment]) {
        guard let last = segments.indices.last else { return }
        let block = piece.drop { $0.isWhitespace || $0 == ":" }
        guard block.hasPrefix(SpanScan.fence),
            let end = block.dropFirst(SpanScan.fence.count).firstRange(of: "\n" + SpanScan.fence)
        else { return }
        segments[last].text += "\n" + block[..<end.upperBound] + "\n"
        piece = String(block[end.upperBound...])
    }
}
