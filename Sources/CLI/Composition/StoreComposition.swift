import Backends
import Hearth
import Logging

/// The stores alone: for commands that look and do not think, and need no model.
struct StoreComposition: Sendable {
    let configuration: EffectiveConfiguration
    let data: DataDirectory
    let logger: Logger
    let bus: any TaskBus
    /// Keeps the bus going where it needs that: to be run beside whatever uses it.
    let busService: BusService?
    let ledger: any TaskLedger
    /// What holds hot and warm history.
    let storage: any TimelineStorage
    let archiver: Archiver
    /// Reads through all tiers.
    let timeline: any Timeline
    let index: any PassageIndex

    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    init(_ configuration: EffectiveConfiguration) async throws {
        self.configuration = configuration
        data = try DataDirectory(configuration)
        var logger = Logger(label: "hearth", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: configuration[.logLevel]) ?? .notice
        self.logger = logger
        let factory = StoreFactory(configuration: configuration, data: data, logger: logger)
        let local = try factory.local()
        (bus, busService) = try factory.bus(local)
        (ledger, storage) = try await factory.history(local)
        archiver = Archiver(storage: storage, archive: try factory.archive(), codec: .zstd, logger: logger)
        timeline = ArchivedTimeline(storage, archiver: archiver)
        index = try factory.index()
    }

    var eraser: Eraser { Eraser(timeline: timeline, ledger: ledger, index: index, bus: bus) }

    /// One run over all projects' history.
    ///
    /// - Throws: ``ConfigurationError``.
    func heatRun() throws -> HeatRun {
        HeatRun(
            storage: storage, ledger: ledger, archiver: archiver, policy: try HeatPolicy(configuration), logger: logger)
    }

    /// Runs `body` with the bus going.
    func running<Result: Sendable>(
        _ body: @Sendable (StoreComposition) async throws -> Result
    ) async throws -> Result {
        guard let busService else { return try await body(self) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await busService.run() }
            defer { group.cancelAll() }
            return try await body(self)
        }
    }
}
