/// A piece of a document's text.
public struct Chunk: Hashable, Sendable {
    /// Offsets into the document. The chunks of a document follow one another without a gap.
    public let bytes: Range<Int>
    /// The lines of its text, blank ones at its ends left out; 1-based, both ends included.
    public let lines: ClosedRange<Int>
    /// What it declares, or of what it is the inside, qualified, several joined by `, `; `nil` if nothing.
    public let symbol: String?
    /// The names of which the declaration begins in it, qualified.
    public let names: [String]
    /// Path and enclosing declarations, for the encoder to read before the text.
    public let header: String

    public init(bytes: Range<Int>, lines: ClosedRange<Int>, symbol: String?, names: [String], header: String) {
        self.bytes = bytes
        self.lines = lines
        self.symbol = symbol
        self.names = names
        self.header = header
    }
}
