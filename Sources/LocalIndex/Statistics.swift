extension LocalIndex {
    /// How much an index holds.
    public struct Statistics: Sendable, Hashable {
        public let documents: Int
        public let entries: Int
        /// Entries among them that have no vector yet.
        public let unembedded: Int
        /// Vectors on disk, those that no entry uses included.
        public let vectors: Int
        /// Vectors that no entry uses; ``LocalIndex/compact()`` removes them.
        public let deadVectors: Int
        /// Bytes that the folder takes on disk.
        public let bytes: Int
        /// Counts committed changes.
        public let version: Int

        /// The part of the vectors that a compaction would remove, from 0 to 1.
        public var deadShare: Double { vectors == 0 ? 0 : Double(deadVectors) / Double(vectors) }
    }
}
