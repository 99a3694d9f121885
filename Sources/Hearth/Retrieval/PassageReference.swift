/// Where a passage is, without its text.
public struct PassageReference: Hashable, Sendable, Codable {
    public let id: String
    public let path: String
    /// 1-based, both ends included.
    public let lines: ClosedRange<Int>
    public let documentVersion: String
    public let symbol: String
    public let hash: String

    public init(
        id: String,
        path: String,
        lines: ClosedRange<Int>,
        documentVersion: String,
        symbol: String,
        hash: String
    ) {
        self.id = id
        self.path = path
        self.lines = lines
        self.documentVersion = documentVersion
        self.symbol = symbol
        self.hash = hash
    }
}
