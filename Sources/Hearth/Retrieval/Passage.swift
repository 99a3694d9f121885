/// A piece of a document: what is embedded, found, put into prompts and cited.
public struct Passage: Hashable, Sendable, Codable, Identifiable {
    /// Stable: the same text at the same place of the same document has the same id.
    public let id: String
    public let path: String
    public let language: String
    /// 1-based, both ends included.
    public let lines: ClosedRange<Int>
    /// Offsets into the document's UTF-8.
    public let bytes: Range<Int>
    /// The version of the document that the passage was cut from.
    public let documentVersion: String
    /// The declaration that the passage is or belongs to, for example `Foo.bar(_:)`; empty if there is none.
    public let symbol: String
    /// Path and enclosing declarations, embedded with the text and not part of it.
    public let header: String
    /// The exact source (secrets masked).
    public let text: String
    /// SHA-256 of what the vector was computed from.
    public let hash: String

    public init(
        id: String,
        path: String,
        language: String,
        lines: ClosedRange<Int>,
        bytes: Range<Int>,
        documentVersion: String,
        symbol: String,
        header: String,
        text: String,
        hash: String
    ) {
        self.id = id
        self.path = path
        self.language = language
        self.lines = lines
        self.bytes = bytes
        self.documentVersion = documentVersion
        self.symbol = symbol
        self.header = header
        self.text = text
        self.hash = hash
    }

    /// The text that an encoder gets.
    public var embeddedText: String { header.isEmpty ? text : header + "\n" + text }

    public var reference: PassageReference {
        PassageReference(
            id: id, path: path, lines: lines, documentVersion: documentVersion, symbol: symbol, hash: hash)
    }
}
