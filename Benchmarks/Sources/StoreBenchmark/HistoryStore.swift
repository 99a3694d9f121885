import Hearth

/// A store whose history is measured.
protocol HistoryStore: Sendable {
    var name: String { get }
    var storage: any TimelineStorage { get }
    var ledger: any TaskLedger { get }
    /// Puts copies of everything beside it, each a minute after the one before and the first `days` later: a long history in minutes.
    ///
    /// - Returns: the copies of some sessions.
    func multiply(_ sessions: [SessionID], copies: Int, days: Double) async throws -> [SessionID]
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
