import Backends
import Hearth
import Logging

/// The stores alone: for commands that look and do not think, and need no model.
struct StoreComposition: Sendable {
    let configuration: EffectiveConfiguration
    let data: DataDirectory
    let logger: Logger
    let bus: any TaskBus
    let ledger: any TaskLedger
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
        bus = try SQLiteTaskBus(store)
        ledger = SQLiteTaskLedger(store)
        timeline = SQLiteTimeline(store)
        index = LocalPassageIndex(root: data.indexes, fsync: fsync)
    }
}
