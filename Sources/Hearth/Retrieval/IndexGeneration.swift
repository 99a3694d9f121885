/// Everything that decides what is in an index and that, when it changes, makes all of it outdated.
public struct IndexGeneration: Hashable, Sendable, Codable {
    /// A short name made of a hash of all parts.
    public struct Name: Hashable, Sendable, RawRepresentable, Codable, CustomStringConvertible {
        public let rawValue: String

        /// Accepts 1…64 ASCII letters, digits, `-` and `_`.
        public init?(rawValue: String) {
            guard Identifier.isValid(rawValue) else { return nil }
            self.rawValue = rawValue
        }

        init(trusted: String) { rawValue = trusted }

        public var description: String { rawValue }
    }

    public let encoder: String
    public let dimension: Int
    public let chunker: String
    public let grammars: String

    public init(encoder: String, dimension: Int, chunker: String, grammars: String) {
        self.encoder = encoder
        self.dimension = dimension
        self.chunker = chunker
        self.grammars = grammars
    }

    /// Whether vectors of the one can stand in the other.
    public func isEncoded(like other: IndexGeneration) -> Bool {
        encoder == other.encoder && dimension == other.dimension
    }

    public var name: Name {
        Name(trusted: String(Digest.sha256(of: [encoder, String(dimension), chunker, grammars]).prefix(12)))
    }
}
