/// A case and how it went.
public struct CaseResult: Hashable, Sendable, Codable {
    public var id: String
    public var kind: CaseKind
    public var chapter: String
    /// Its place in the grid, where it has one.
    public var cell: GridCell?
    public var failures: [CheckFailure]
    public var asks: [AskRecord]

    public var passed: Bool { failures.isEmpty }
}
