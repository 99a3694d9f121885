extension LocalIndex {
    /// One indexed piece of a document.
    public struct Entry: Sendable, Hashable {
        /// The caller's stable name of the piece.
        public var id: String
        /// The path of the document it is from.
        public var document: String
        public var language: String
        /// Lines count from the caller's base; the index only stores them.
        public var startLine: Int
        public var endLine: Int
        /// Byte range in the document; entries of a document are ordered by `byteStart`.
        public var byteStart: Int
        public var byteEnd: Int
        /// The version of the document; equals ``DocumentRecord/version``.
        public var version: String
        public var symbol: String
        public var header: String
        public var text: String
        /// The content hash of what was embedded; entries with equal hashes share one vector.
        public var hash: String
        public var kind: String

        public init(
            id: String,
            document: String,
            language: String,
            startLine: Int,
            endLine: Int,
            byteStart: Int,
            byteEnd: Int,
            version: String,
            symbol: String,
            header: String,
            text: String,
            hash: String,
            kind: String
        ) {
            self.id = id
            self.document = document
            self.language = language
            self.startLine = startLine
            self.endLine = endLine
            self.byteStart = byteStart
            self.byteEnd = byteEnd
            self.version = version
            self.symbol = symbol
            self.header = header
            self.text = text
            self.hash = hash
            self.kind = kind
        }
    }
}
