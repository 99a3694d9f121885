import FoundationEssentials
public import Logging

/// Lets history cool down as the policies say, once.
///
/// Every step is safe to repeat and to break off; what one run did not do the next one does.
public struct HeatRun: Sendable {
    /// What a run did.
    public struct Report: Hashable, Sendable, Codable {
        public var cooledSessions = 0
        public var archivedSessions = 0
        public var archivedMessages = 0
        public var deletedSessions = 0
        public var mendedObjects = 0
        public var sweptObjects = 0
        public var prunedQuestions = 0
        /// Pieces of the timeline's table that were empty.
        public var droppedChunks = 0

        public init() {}
    }

    /// An object of the archive that no manifest knows and that is younger may be on its way into one.
    public static let orphanAge: Double = 3_600
    /// The sessions of one object are at most so many, and their messages at most so many bytes before compression.
    static let sessionsPerObject = 500
    static let bytesPerObject = 16 << 20

    private let storage: any TimelineStorage
    private let ledger: any TaskLedger
    private let archiver: Archiver
    private let policy: HeatPolicy
    private let logger: Logger

    /// - Parameter policy: of projects that have none of their own, and of conversations without a project.
    public init(
        storage: any TimelineStorage,
        ledger: any TaskLedger,
        archiver: Archiver,
        policy: HeatPolicy,
        logger: Logger
    ) {
        self.storage = storage
        self.ledger = ledger
        self.archiver = archiver
        self.policy = policy
        self.logger = logger
    }

    /// Runs over all projects.
    ///
    /// - Throws: ``StoreError`` of the first step that fails.
    public func run() async throws -> Report {
        var report = Report()
        let projects = try await storage.projects()
        let usage = try await storage.usage()
        let owners = Set(usage.map(\.projectID))
        for owner in owners.sorted(by: { ($0?.rawValue ?? "") < ($1?.rawValue ?? "") }) {
            let own = projects.first { $0.id == owner }?.settings.heat
            try await run(owner, usage: usage.filter { $0.projectID == owner }, policy: own ?? policy, &report)
        }
        report.mendedObjects += try await archiver.mend()
        report.sweptObjects += try await archiver.sweep(
            storedBefore: archiver.now().addingTimeInterval(-Self.orphanAge))
        // What was answered is in the timeline; the ledger is needed while somebody may read the stream again.
        let kept = archiver.now().addingTimeInterval(-max(policy.hotDays, 1) * 86_400)
        while true {
            let pruned = try await ledger.prune(finishedBefore: kept, limit: 1_000)
            report.prunedQuestions += pruned
            if pruned < 1_000 { break }
        }
        report.droppedChunks += try await storage.dropEmptyChunks(before: kept)
        return report
    }

    private func run(
        _ project: ProjectID?,
        usage: [HeatUsage],
        policy: HeatPolicy,
        _ report: inout Report
    ) async throws {
        if let fault = policy.fault {
            logger.error(
                "heat policy not applied", metadata: ["project": "\(project?.rawValue ?? "-")", "fault": "\(fault)"])
            return
        }
        let due = DueSessions(storage: storage, project: project, policy: policy, usage: usage, now: archiver.now())
        // The coldest first, so that no session is moved twice.
        try await due.forEach(leaving: .cold, having: [.hot, .warm, .cold]) { session in
            try await storage.deleteSession(session.id)
            report.deletedSessions += 1
        }
        var batch: [SessionHeat] = []
        func archive() async throws {
            let moved = try await archiver.archive(batch.map(\.id), of: project)
            report.archivedMessages += moved
            report.archivedSessions += moved > 0 ? batch.count : 0
            batch = []
        }
        try await due.forEach(leaving: .warm, having: [.hot, .warm]) { session in
            batch.append(session)
            // Compressed text becomes about four times as large again.
            let bytes = batch.reduce(0) { $0 + $1.hot.bytes + 4 * $1.warm.bytes }
            if batch.count >= Self.sessionsPerObject || bytes >= Self.bytesPerObject { try await archive() }
        }
        if !batch.isEmpty { try await archive() }
        try await due.forEach(leaving: .hot, having: [.hot]) { session in
            try await storage.cool(session.id)
            report.cooledSessions += 1
        }
    }
}
