/// The text that a scripted server writes where a test gives none: the first lines of the prompt's context, with
/// markers, over and over up to a number of words. The same prompt gives the same text.
public struct ContextEcho: Sendable {
    /// Pieces to send one by one; together they are the text.
    public let pieces: [String]

    /// - Parameter count: pieces of the text.
    public init(question: String, count: Int) {
        let lines = question.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }
            .filter { !$0.isEmpty && !$0.hasPrefix("<") && !$0.hasPrefix("Passages (") }
        let passages = question.split(separator: "\n").count { $0.hasPrefix("<passage-") }
        var words: [String] = []
        for (offset, line) in lines.prefix(12).enumerated() {
            // Without brackets and backticks, so that the text has no other markers than these.
            words += line.split(separator: " ").map { word in String(word.filter { !"[]`".contains($0) }) + " " }
            if passages > 0 { words.append("[\(offset % passages + 1)] ") }
        }
        if words.isEmpty { words = ["nothing "] }
        pieces = (0..<count).map { words[$0 % words.count] }
    }

    public var text: String { pieces.joined() }

    /// The pieces that are left behind `prefix`; all of them if the text does not begin so.
    public func pieces(after prefix: String) -> [String] {
        guard !prefix.isEmpty, text.hasPrefix(prefix) else { return pieces }
        var skipped = prefix.utf8.count
        var rest: [String] = []
        for piece in pieces {
            let length = piece.utf8.count
            if skipped >= length {
                skipped -= length
            } else {
                rest.append(String(decoding: piece.utf8.dropFirst(skipped), as: UTF8.self))
                skipped = 0
            }
        }
        return rest
    }
}
