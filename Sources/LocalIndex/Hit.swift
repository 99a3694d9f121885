extension LocalIndex {
    /// The number of an entry in this index. Never given to another entry, not even after the entry is gone.
    public typealias Row = Int

    /// An entry that a search found, with its score: BM25 or inner product.
    public struct Hit: Sendable, Hashable {
        public let row: Row
        public let score: Double

        public init(row: Row, score: Double) {
            self.row = row
            self.score = score
        }
    }

    /// What a search by text, by vector and by keys found in one committed state of the index.
    public struct Hits: Sendable {
        /// Best first; equal scores by row.
        public let text: [Hit]
        /// Best first; equal scores by row.
        public let vector: [Hit]
        /// Entries with one of the keys, those of the first key first; those of a key by row.
        public let keyed: [Row]
        /// The entries that were asked for.
        public let entries: [Row: Entry]
        /// How many entries of the index have no vector yet, and so are in no list by vector.
        public let unembedded: Int

        public init(text: [Hit], vector: [Hit], keyed: [Row], entries: [Row: Entry], unembedded: Int = 0) {
            self.text = text
            self.vector = vector
            self.keyed = keyed
            self.entries = entries
            self.unembedded = unembedded
        }
    }
}
