import Hearth

/// A part of a passage that is shown.
struct Quote: Sendable, Hashable {
    /// The passage's number in the prompt.
    let number: Int
    let passage: Passage
    /// The runs of lines that are shown, by their place in the passage, in order.
    let runs: [Range<Int>]
    /// The declaration that it shows; empty if there is none.
    let symbol: String
    let lines: [Substring]

    /// The lines in the document, 1-based: `12-20`, `8, 12-20`.
    var lineNumbers: String {
        let first = passage.lines.lowerBound
        return runs.map { run in
            run.count == 1 ? "\(first + run.lowerBound)" : "\(first + run.lowerBound)-\(first + run.upperBound - 1)"
        }.joined(separator: ", ")
    }
}
