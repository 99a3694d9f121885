/// What must be true of one answer.
public enum Expectation: Hashable, Sendable {
    /// The text stands in the answer, not as a part of a longer word or number.
    case contains(String)
    case lacks(String)
    /// The answer is the sentence of abstention, word for word, and cites nothing.
    case abstains
    /// The answer cites a passage with this line of this file.
    case cites(path: String, line: String)
    /// The answer cites some passage of a file whose path begins so.
    case citesFile(String)
    case citesNothingOf(path: String)
    /// The server refuses the question.
    case isRefused

    /// For reports.
    var summary: String {
        switch self {
        case .contains(let text): "says '\(text)'"
        case .lacks(let text): "does not say '\(text)'"
        case .abstains: "abstains in the exact words, without a citation"
        case .cites(let path, let line): "cites '\(line)' of \(path)"
        case .citesFile(let path): "cites \(path)"
        case .citesNothingOf(let path): "does not cite \(path)"
        case .isRefused: "is refused"
        }
    }
}
