/// Finds what somebody probably meant.
enum Spelling {
    /// The candidate nearest to `word`, if it is near enough to be a slip.
    static func suggestion(for word: String, among candidates: [String]) -> String? {
        let near = candidates.map { (distance: distance(word, $0), name: $0) }.min { $0 < $1 }
        guard let near, near.distance <= max(2, word.count / 3) else { return nil }
        return near.name
    }

    /// The number of single-character edits between two words (Levenshtein 1966).
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substitution = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
