/// One step in the history of a database's tables. A step that was released is never changed.
public struct PostgresMigration: Sendable {
    /// Unique and for ever.
    public let name: String
    let body: @Sendable (PostgresConnection) async throws -> Void

    /// - Parameter body: runs inside a transaction.
    public init(_ name: String, _ body: @escaping @Sendable (PostgresConnection) async throws -> Void) {
        self.name = name
        self.body = body
    }
}
