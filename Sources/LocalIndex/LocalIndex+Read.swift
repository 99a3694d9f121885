import CVectorScan
import GRDB

extension LocalIndex {
    /// Which of these content hashes have no stored vector yet.
    public func unknownHashes(_ hashes: [String]) async throws -> Set<String> {
        try await read { db, _ in
            var unknown: Set<String> = []
            var statement = try RawStatement(db, "SELECT 1 FROM vector WHERE hash = ?")
            for hash in Set(hashes) {
                try statement.bind(hash)
                if try !statement.step() { unknown.insert(hash) }
                statement.reset()
            }
            return unknown
        }
    }

    /// The stored vectors of content hashes; unknown hashes are left out.
    ///
    /// - Throws: ``LocalIndexError`` with code `.corrupted` when a vector is not what was stored.
    public func vectors(forHashes hashes: [String]) async throws -> [String: [Float]] {
        let directory = directory
        return try await read { db, catalogue in
            var found: [String: [Float]] = [:]
            var statement = try RawStatement(db, "SELECT slot FROM vector WHERE hash = ?")
            for hash in Set(hashes) {
                try statement.bind(hash)
                if try statement.step() {
                    found[hash] = try catalogue.vector(statement.integer(0), directory: directory)
                }
                statement.reset()
            }
            return found
        }
    }

    /// All documents, by path.
    public func documents() async throws -> [DocumentRecord] {
        try await read { db, _ in
            let statement = try RawStatement(db, "\(DocumentRecord.selection) ORDER BY path")
            var documents: [DocumentRecord] = []
            while try statement.step() { documents.append(DocumentRecord(statement)) }
            return documents
        }
    }

    public func document(_ path: String) async throws -> DocumentRecord? {
        try await read { db, _ in
            var statement = try RawStatement(db, "\(DocumentRecord.selection) WHERE path = ?")
            try statement.bind(path)
            return try statement.step() ? DocumentRecord(statement) : nil
        }
    }

    /// Entries by row; rows whose entry is gone are left out.
    public func entries(rows: [Row]) async throws -> [Row: Entry] {
        try await read { db, catalogue in
            var reader = EntryReader(db: db, table: catalogue.table)
            return try reader.entries(rows)
        }
    }

    /// Entries by id, in the order of `ids`; unknown ids are left out.
    public func entries(ids: [String]) async throws -> [Entry] {
        try await read { db, _ in
            var entries: [Entry] = []
            var statement = try RawStatement(db, "\(Entry.selection) WHERE c.id = ? ORDER BY c.row")
            for id in ids {
                try statement.bind(id)
                while try statement.step() { entries.append(Entry(statement)) }
                statement.reset()
            }
            return entries
        }
    }

    /// The entries of a document in the order of their bytes; none for an unknown document.
    public func entries(document path: String) async throws -> [Entry] {
        try await read { db, _ in try Entry.fetch(document: path, db) }
    }

    /// Up to `count` entries before and after the entry with this id in its document, without itself, in the order of
    /// their bytes; none for an unknown id.
    public func neighbours(of id: String, count: Int = 1) async throws -> [Entry] {
        try await read { db, _ in
            var statement = try RawStatement(db, "\(Entry.selection) WHERE c.id = ? ORDER BY c.row LIMIT 1")
            try statement.bind(id)
            guard try statement.step() else { return [] }
            let entry = Entry(statement)
            let siblings = try Entry.fetch(document: entry.document, db)
            guard let place = siblings.firstIndex(where: { $0.id == id }) else { return [] }
            let before = siblings[max(0, place - max(0, count))..<place]
            return Array(before + siblings[(place + 1)...].prefix(max(0, count)))
        }
    }

    /// Runs `body` in a read transaction together with the catalogue of the same state.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database, Catalogue) throws -> Result
    ) async throws -> Result {
        let catalogues = catalogues
        for _ in 0..<Self.maximumAttempts {
            do {
                return try await pool.read { db in try body(db, catalogues.catalogue(db)) }
            } catch is CatalogueCache.OutdatedTransaction {
                // A newer state was committed and loaded since this transaction began.
                continue
            } catch {
                throw ChangeWriter.translated(error, in: directory)
            }
        }
        throw LocalIndexError.corrupted("its vector file is missing", in: directory)
    }

    private static var maximumAttempts: Int { 100 }
}

extension Catalogue {
    /// The vector in a slot, checked against what was written.
    func vector(_ slot: Int, directory: String) throws -> [Float] {
        let dimension = state.dimension
        let vector = try [Float](unsafeUninitializedCapacity: dimension) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            try file.read(slot: slot, into: start)
            count = dimension
        }
        let stored = chunks[slot / VectorLayout.slotsPerChunk].checksum(slot % VectorLayout.slotsPerChunk)
        guard cvs_checksum(vector, dimension, UInt64(slot)) == stored else {
            throw LocalIndexError.corrupted("vector \(slot) is not what was written", in: directory)
        }
        return vector
    }
}
