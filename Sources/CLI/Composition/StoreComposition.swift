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
    init(_ configuration: EffectiveConfiguration) throws {
        self.configuration = configuration
        data = try DataDirectory(configuration)
        var logger = Logger(label: "hearth", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: configuration[.logLevel]) ?? .notice
        self.logger = logger
        let fsync = configuration.flag(.fsync)
        let store = try SQLiteStore.open(directory: data.path, fsync: fsync, logger: logger)
        if configuration[.busKind] == "pulsar" {
            let settings = try PulsarSettings(configuration)
            let pulsar = PulsarTaskBus(settings.client, names: settings.names, logger: logger)
            bus = pulsar
            busService = BusService(bus: pulsar)
        } else {
            bus = try SQLiteTaskBus(store)
            busService = nil
        }
        ledger = SQLiteTaskLedger(store)
        let storage = SQLiteTimeline(store)
        self.storage = storage
        archiver = Archiver(
            storage: storage, archive: try Self.archive(configuration, data: data, fsync: fsync), codec: .zstd,
            logger: logger)
        timeline = ArchivedTimeline(storage, archiver: archiver)
        index = LocalPassageIndex(root: data.indexes, fsync: fsync)
    }

    var eraser: Eraser { Eraser(timeline: timeline, ledger: ledger, index: index) }

    /// One run over all projects' history.
    ///
    /// - Throws: ``ConfigurationError``.
    func heatRun() throws -> HeatRun {
        HeatRun(
            storage: storage, ledger: ledger, archiver: archiver, policy: try HeatPolicy(configuration), logger: logger)
    }

    private static func archive(
        _ configuration: EffectiveConfiguration, data: DataDirectory, fsync: Bool
    ) throws -> any ArchiveStore {
        let location = configuration[.archiveLocation]
        if ObjectLocation.isMeant(by: location) {
            return try S3ArchiveStore(location: location, client: try S3Settings.client(configuration))
        }
        return FolderArchiveStore(
            root: location.isEmpty ? data.archive : DataDirectory.absolute(location), fsync: fsync)
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
