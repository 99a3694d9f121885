/// A piece of a document's text.
public struct Chunk: Hashable, Sendable {
    /// Offsets into the document. The chunks of a document follow one another without a gap.
    public let bytes: Range<Int>
    /// The lines of its text, blank ones at its ends left out; 1-based, both ends included.
    public let lines: ClosedRange<Int>
    /// What it declares, qualified, several joined by `, `; `nil` if it declares nothing.
    public let symbol: String?
    /// Path and enclosing declarations, for the encoder to read before the text.
    public let header: String

    public init(bytes: Range<Int>, lines: ClosedRange<Int>, symbol: String?, header: String) {
        self.bytes = bytes
        self.lines = lines
        self.symbol = symbol
        self.header = header
    }
}
