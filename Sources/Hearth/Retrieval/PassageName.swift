/// What a passage is called, in words that encoders were trained on: `command: has sub commands`.
///
/// Encoders for prose take `HasSubCommands` for a string of syllables, and in the mean over a long body a name counts for
/// little. As a vector of its own, mixed with that of the text, it brings many a passage near to what people call it.
struct PassageName {
    /// How much of a passage's vector is that of its name. Measured on cobra and jinja2: cosine alone finds functions by
    /// their documentation with an NDCG@10 of 0.60 and 0.50 instead of 0.39 and 0.41 (of these vectors and of unjoined
    /// declarations); 0.3 to 0.5 are alike.
    static let share: Float = 0.4
    /// Bytes of names beyond which a passage is about nothing in particular.
    private static let longest = 240

    /// Empty if it has no name.
    let text: String

    /// - Parameter symbol: as in ``Passage/symbol``.
    init(path: String, symbol: String) {
        guard !symbol.isEmpty else {
            text = ""
            return
        }
        let stem = IdentifierWords.split((path.split(separator: "/").last ?? "").prefix { $0 != "." })
        var names: [String] = []
        var size = 0
        for name in symbol.split(separator: ", ") {
            let words = IdentifierWords.split(name).joined(separator: " ")
            size += words.utf8.count
            guard names.isEmpty || size <= Self.longest else { break }
            names.append(words)
        }
        text = stem.joined(separator: " ") + ": " + names.joined(separator: ", ")
    }

    /// Both vectors in one of length 1. What a question has in common with it is the weighted sum of what it has in common
    /// with either, but for the length.
    static func mix(_ text: [Float], _ name: [Float]) -> [Float] {
        let sum = zip(text, name).map { (1 - share) * $0 + share * $1 }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : text
    }
}
