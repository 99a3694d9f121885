package import Backends
import FoundationEssentials
package import Hearth
import Logging

/// All that a keeper of heat does, with everything due at once; each step that was acknowledged is reported.
package struct HeatLane: Sendable {
    /// Conversations of this title are deleted in the middle.
    package static let doomed = "doomed"

    package let timeline: ArchivedTimeline
    package let archiver: Archiver
    private let storage: SQLiteTimeline
    private let ledger: SQLiteTaskLedger
    private let logger = Logger(label: "crasher", factory: { _ in SwiftLogNoOpLogHandler() })

    /// - Parameter last: the call of the archive at which the process kills itself; `nil` for none.
    package init(_ store: SQLiteStore, archive folder: String, stoppingAt last: Int?) {
        let archive = FolderArchiveStore(root: folder, fsync: false)
        storage = SQLiteTimeline(store)
        ledger = SQLiteTaskLedger(store)
        archiver = Archiver(
            storage: storage, archive: last.map { StoppingArchive(archive, last: $0) } ?? archive, codec: .zstd,
            logger: logger)
        timeline = ArchivedTimeline(storage, archiver: archiver)
    }

    /// Archives all there is, thaws some, deletes some, and archives again.
    package func work(report: (String) -> Void) async throws {
        try await run()
        let sessions = try await timeline.sessions(in: nil, before: nil, limit: 1_000)
        for session in sessions.prefix(2) where session.title != Self.doomed {
            _ = try await archiver.thaw(session.id)
        }
        for session in sessions where session.title == Self.doomed {
            try await timeline.deleteSession(session.id)
            report("deleted \(session.id)")
        }
        try await run()
    }

    /// One run in which everything is due.
    package func run() async throws {
        _ = try await HeatRun(
            storage: storage, ledger: ledger, archiver: archiver, policy: HeatPolicy(hotDays: 0, warmDays: 0),
            logger: logger
        ).run()
    }
}
