import Hearth

/// A store whose history is measured.
protocol HistoryStore: Sendable {
    var name: String { get }
    var storage: any TimelineStorage { get }
    var ledger: any TaskLedger { get }
    /// Does what the store does by itself in the next minutes.
    func settle() async throws
    /// What hot messages take, with their indexes.
    func hotBytes() async throws -> Int
    /// What blocks take, with their indexes.
    func warmBytes() async throws -> Int
    /// What the manifest of the archive takes, with its indexes.
    func manifestBytes() async throws -> Int
    func close() async throws
}
