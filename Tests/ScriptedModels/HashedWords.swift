/// Vectors that follow from the words of a text: texts that share words are near each other.
struct HashedWords {
    let dimension: Int
    /// Of each vector; 1 as Ollama's are.
    let length: Double

    func vector(of text: String) -> JSON {
        var vector = [Double](repeating: 0, count: dimension)
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        for word in words {
            let hash = word.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
            vector[Int(hash % UInt64(dimension))] += 1
        }
        if words.isEmpty { vector[0] = 1 }
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return .array(vector.map { .number($0 / norm * length) })
    }
}
