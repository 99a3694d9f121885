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
            let piece = text(start..<marker.range.lowerBound)
            // `… [1] [2]`, `… [1], [2]`: one statement with two sources.
            if let last = segments.indices.last, piece.allSatisfy({ $0.isWhitespace || ",;.".contains($0) }) {
                segments[last].numbers += marker.numbers
            } else {
                segments.append(Segment(text: piece, numbers: marker.numbers))
            }
            start = marker.range.upperBound
        }
        let rest = text(start..<scalars.count)
        if rest.contains(where: { !$0.isWhitespace }) { segments.append(Segment(text: rest, numbers: [])) }
        self.segments = segments
        numbers = markers.flatMap(\.numbers)
    }
}
