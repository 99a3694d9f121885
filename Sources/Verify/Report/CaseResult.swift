/// A case and how it went.
public struct CaseResult: Hashable, Sendable, Codable {
    public var id: String
    public var kind: CaseKind
    public var chapter: String
    public var failures: [CheckFailure]
    public var asks: [AskRecord]

    public var passed: Bool { failures.isEmpty }
}
