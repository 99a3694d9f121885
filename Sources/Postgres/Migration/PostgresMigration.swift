/// One step in the history of a database's tables. A step that was released is never changed.
public struct PostgresMigration: Sendable {
    /// Unique and for ever.
    public let name: String
    /// Whether a version that does not know this step works on beside it: it only adds what that version never misses.
    public let isAdditive: Bool
    let body: @Sendable (PostgresConnection) async throws -> Void

    /// - Parameters:
    ///   - isAdditive: `false` locks out the versions that do not know this step.
    ///   - body: runs inside a transaction.
    public init(
        _ name: String,
        isAdditive: Bool = false,
        _ body: @escaping @Sendable (PostgresConnection) async throws -> Void
    ) {
        self.name = name
        self.isAdditive = isAdditive
        self.body = body
    }
}
