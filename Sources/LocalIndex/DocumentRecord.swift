extension LocalIndex {
    /// What the index remembers of a document whose entries it holds.
    public struct DocumentRecord: Sendable, Hashable {
        public var path: String
        /// A cheap sign of change, such as an ETag or modification time and size.
        public var tag: String
        public var version: String
        /// Bytes of the document.
        public var size: Int
        /// How many entries the document has; set by the index.
        public var passageCount: Int
        /// Whatever the caller wants to keep, as JSON; the index does not look into it.
        public var attributes: String

        public init(
            path: String,
            tag: String,
            version: String,
            size: Int,
            passageCount: Int = 0,
            attributes: String = "{}"
        ) {
            self.path = path
            self.tag = tag
            self.version = version
            self.size = size
            self.passageCount = passageCount
            self.attributes = attributes
        }
    }
}
