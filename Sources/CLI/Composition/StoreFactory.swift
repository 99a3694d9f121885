import AsyncHTTPClient
import Backends
import Hearth
import Logging
import Postgres
import Qdrant

/// Opens the stores that the settings name.
struct StoreFactory: Sendable {
    let configuration: EffectiveConfiguration
    let data: DataDirectory
    let logger: Logger

    private var fsync: Bool { configuration.flag(.fsync) }

    /// The file that an embedded bus and embedded history share; `nil` if neither is embedded.
    ///
    /// - Throws: ``StoreError``.
    func local() throws -> SQLiteStore? {
        guard configuration[.busKind] == "sqlite" || configuration[.storageKind] == "sqlite" else { return nil }
        return try SQLiteStore.open(directory: data.path, fsync: fsync, logger: logger)
    }

    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    func bus(_ local: SQLiteStore?) throws -> (any TaskBus, BusService?) {
        if let local, configuration[.busKind] == "sqlite" { return (try SQLiteTaskBus(local), nil) }
        let settings = try PulsarSettings(configuration)
        let pulsar = PulsarTaskBus(settings.client, names: settings.names, logger: logger)
        return (pulsar, BusService(bus: pulsar))
    }

    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    func history(_ local: SQLiteStore?) async throws -> (any TaskLedger, any TimelineStorage) {
        if let local, configuration[.storageKind] == "sqlite" {
            return (SQLiteTaskLedger(local), SQLiteTimeline(local))
        }
        let store = try await postgres()
        return (PostgresTaskLedger(store), PostgresTimeline(store))
    }

    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    func postgres() async throws -> PostgresStore {
        let url = configuration[.postgresURL]
        guard !url.isEmpty else {
            throw ConfigurationError(
                "storage.kind is postgres, but postgres.url is not set. Set it to postgresql://user:password@host/database."
            )
        }
        var settings = PostgresSettings(url: url)
        settings.schema = configuration[.postgresSchema]
        settings.maximumConnections = max(1, configuration.integer(.postgresConnections))
        return try await PostgresStore.open(settings, logger: logger)
    }

    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    func index() throws -> any PassageIndex {
        guard configuration[.indexKind] == "qdrant" else {
            return LocalPassageIndex(root: data.indexes, fsync: fsync)
        }
        return try QdrantPassageIndex(
            client: try qdrant(),
            settings: QdrantIndexSettings(
                prefix: configuration[.qdrantPrefix],
                quantization: QdrantIndexSettings.Quantization(rawValue: configuration[.qdrantQuantization]) ?? .scalar,
                replicas: max(1, configuration.integer(.qdrantReplicas))))
    }

    /// - Throws: ``ConfigurationError``.
    func qdrant() throws -> QdrantClient {
        let (key, trusted) = (configuration[.qdrantKey], configuration[.qdrantTrustFile])
        var server = QdrantConfiguration(url: configuration[.qdrantURL], apiKey: key.isEmpty ? nil : key)
        if configuration.integer(.qdrantReplicas) > 1 {
            // Whoever reads sees what was written before, whichever of the nodes answers.
            server.readConsistency = .majority
            server.writeOrdering = .strong
        }
        do {
            let http = try HTTPPools.pool("qdrant \(trusted)") {
                try .qdrant(trusting: trusted.isEmpty ? nil : DataDirectory.absolute(trusted))
            }
            return try QdrantClient(server, http: http)
        } catch let error as QdrantError {
            throw ConfigurationError("qdrant.url: \(error.message)")
        }
    }

    /// - Throws: ``ConfigurationError``.
    func archive() throws -> any ArchiveStore {
        let location = configuration[.archiveLocation]
        guard ObjectLocation.isMeant(by: location) else {
            return FolderArchiveStore(
                root: location.isEmpty ? data.archive : DataDirectory.absolute(location), fsync: fsync)
        }
        return try S3ArchiveStore(location: location, client: try S3Settings.client(configuration))
    }
}
