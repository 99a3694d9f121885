import GRDB
import GRDBSQLite
import Glibc

/// A search index over text and vectors in one folder: SQLite with full-text search, and a file of vectors.
///
/// Any number of tasks and processes may read and write one folder at the same time. Writers take turns; every search
/// and every read sees one committed state, the newest when it began. A process that is killed at any point leaves the
/// last committed state.
public final class LocalIndex: Sendable {
    /// The folder.
    public let directory: String
    /// Components of every vector.
    public let dimension: Int
    public let settings: LocalIndexSettings

    let pool: DatabasePool
    let catalogues: CatalogueCache
    let commits: CommitQueue
    let scan = VectorScan()

    /// Opens the index in a folder, and creates folder and index where there is none.
    ///
    /// - Throws: code `.dimensionMismatch` when the folder holds vectors of another dimension, before anything is
    ///   written; `.corrupted` or `.unknownFormat` when it has to be deleted and built again; `.inaccessible`, `.busy`,
    ///   `.storageFull` or `.storageFailed` from the system.
    public static func open(
        directory: String, dimension: Int, settings: LocalIndexSettings = LocalIndexSettings()
    ) throws(LocalIndexError) -> LocalIndex {
        guard (1...65_536).contains(dimension) else {
            throw LocalIndexError(.invalidArgument, "An index needs 1 to 65,536 dimensions, not \(dimension).")
        }
        do {
            try createFolder(directory)
            let pool = try DatabasePool(path: "\(directory)/index.sqlite", configuration: configuration(settings))
            // After the pool is made, which sets NORMAL by itself when it turns WAL on. Writing waits for the disk per
            // commit or, without fsync, only per checkpoint.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = \(settings.fsync ? "FULL" : "NORMAL")")
            }
            let index = LocalIndex(directory: directory, dimension: dimension, settings: settings, pool: pool)
            try index.prepare()
            return index
        } catch {
            let translated = ChangeWriter.translated(error, in: directory)
            throw translated as? LocalIndexError
                ?? LocalIndexError(.unexpected, "Opening \(directory) was interrupted: try again.", underlying: error)
        }
    }

    private init(directory: String, dimension: Int, settings: LocalIndexSettings, pool: DatabasePool) {
        self.directory = directory
        self.dimension = dimension
        self.settings = settings
        self.pool = pool
        catalogues = CatalogueCache(directory: directory)
        let writer = ChangeWriter(directory: directory, fsync: settings.fsync, catalogues: catalogues)
        commits = CommitQueue(pool: pool, writer: writer)
    }

    /// Moves what is still in the log into the database and closes the files. Later calls fail.
    public func close() throws(LocalIndexError) {
        do {
            // The readers, which close last, may not do it. Somebody else reading is no reason not to close.
            _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw LocalIndexError(
                .busy, "The index in \(directory) is still in use: close it later.", underlying: error)
        }
    }

    private static func configuration(_ settings: LocalIndexSettings) -> Configuration {
        var configuration = Configuration()
        configuration.label = "LocalIndex"
        configuration.busyMode = .timeout(settings.busyTimeoutSeconds)
        configuration.maximumReaderCount = max(1, settings.maximumReaders)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            db.add(tokenizer: IdentifierTokenizer.self)
            try RankFunction.register(db)
            // Kilobytes per connection. Not mapped: mapped pages would count as memory of this process.
            try db.execute(sql: "PRAGMA cache_size = -8192")
        }
        return configuration
    }

    private static func createFolder(_ directory: String) throws(SystemFailure) {
        var path = directory.hasPrefix("/") ? "/" : ""
        for part in directory.split(separator: "/") {
            path += part
            if mkdir(path, 0o755) != 0, errno != EEXIST { throw SystemFailure.last("create \(path)") }
            path += "/"
        }
    }

    /// Checks what is there, or creates it.
    private func prepare() throws {
        let found = try pool.read { db in try Schema.found(db) }
        if found == 0 {
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    // Another process may have been faster.
                    if try Schema.found(db) == 0 { try create(db) }
                    return .commit
                }
            }
        }
        try pool.read { db in
            let version = try Schema.found(db)
            guard version == Schema.version else {
                throw LocalIndexError(
                    .unknownFormat,
                    "The index in \(directory) has format \(version) and this program reads \(Schema.version): "
                        + "delete that folder and ingest again.")
            }
            let state = try IndexState.load(db)
            guard state.dimension == dimension else {
                throw LocalIndexError(
                    .dimensionMismatch,
                    "The index in \(directory) holds vectors of \(state.dimension) dimensions, not \(dimension): use "
                        + "the encoder it was built with, or another folder.")
            }
            VectorFiles.removeOlder(than: state.epoch, in: directory)
            _ = try catalogues.catalogue(db)
        }
    }

    private func create(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
            throw LocalIndexError(
                .unknownFormat, "\(directory)/index.sqlite is some other database: use another folder.")
        }
        try Schema.create(db)
        let identity = Int.random(in: 1...Int.max)
        let state = IndexState(
            identity: identity, dimension: dimension, epoch: 1, version: 0, slots: 0, forgottenRemovals: 0)
        try state.save(db)
        let header = VectorFileHeader(dimension: dimension, identity: identity, epoch: state.epoch)
        let file = try VectorFile.create(path: VectorFiles.path(in: directory, epoch: state.epoch), header: header)
        if settings.fsync {
            try file.synchronize()
            try VectorFiles.synchronizeFolder(directory)
        }
    }
}
