import GRDB
import Synchronization

/// One committed state of the index, in memory: what a search needs besides the text.
///
/// Immutable; a newer state is made from an older one by reading only what changed.
final class Catalogue: Sendable {
    let state: IndexState
    let table: EntryTable
    let file: VectorFile
    let chunks: [MappedChunk]
    let everything: AllowedEntries
    private let lastRemoval: Int
    private let filtered = Mutex<[LocalIndex.Filter: AllowedEntries]>([:])
    private let frequencies = Mutex<[String: Int]>([:])

    private static let maximumFilters = 16
    private static let maximumFrequencies = 50_000

    private init(
        state: IndexState, table: EntryTable, file: VectorFile, chunks: [MappedChunk], lastRemoval: Int
    ) {
        self.state = state
        self.table = table
        self.file = file
        self.chunks = chunks
        self.lastRemoval = lastRemoval
        everything = AllowedEntries(table: table, slotCount: state.slots) { _, _ in true }
    }

    /// Reads the state that `db`'s transaction sees, starting from `older` where that is possible.
    static func load(
        _ db: Database, state: IndexState, file: VectorFile, directory: String, after older: Catalogue?
    ) throws -> Catalogue {
        var table = EntryTable()
        var seen = 0
        if let older, older.state.epoch == state.epoch, older.lastRemoval >= state.forgottenRemovals {
            table = older.table
            seen = older.lastRemoval
        } else {
            table.reserve(try Int.fetchOne(db, sql: "SELECT max(row) FROM entry").map { $0 + 1 } ?? 1)
        }
        var entries = try RawStatement(
            db, "SELECT row, document, slot, language, length FROM entry WHERE row > ? ORDER BY row")
        try entries.bind(table.lastRow)
        while try entries.step() {
            let slot = entries.integer(2)
            guard slot == EntryTable.unembedded || (0..<state.slots).contains(slot) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an entry refers to a slot that is not there")
            }
            table.append(
                row: entries.integer(0), document: entries.integer(1), slot: slot,
                language: entries.integer(3), length: entries.integer(4))
        }
        var removals = try RawStatement(db, "SELECT sequence, row FROM removal WHERE sequence > ? ORDER BY sequence")
        try removals.bind(seen)
        var lastRemoval = max(seen, state.forgottenRemovals)
        while try removals.step() {
            lastRemoval = removals.integer(0)
            table.remove(row: removals.integer(1))
        }
        let chunks = try file.mapped(slots: state.slots, directory: directory)
        return Catalogue(state: state, table: table, file: file, chunks: chunks, lastRemoval: lastRemoval)
    }

    /// The entries that `filter` lets through; `db` must see this very state.
    func allowed(_ filter: LocalIndex.Filter, _ db: Database) throws -> AllowedEntries {
        if filter.isEmpty { return everything }
        if let known = filtered.withLock({ $0[filter] }) { return known }
        let documents = try filter.documents(db)
        let languages = try filter.languageNumbers(db)
        let excluded = try filter.excludedDocuments(db)
        let allowed = AllowedEntries(table: table, slotCount: state.slots) { document, language in
            (documents?.contains(Int(document)) ?? true) && (languages?.contains(language) ?? true)
                && !excluded.contains(document)
        }
        filtered.withLock { filtered in
            if filtered.count >= Self.maximumFilters { filtered.removeAll() }
            filtered[filter] = allowed
        }
        return allowed
    }

    /// How many entries have `term`; `db` must see this very state.
    func frequency(of term: String, _ db: Database) throws -> Int {
        if let known = frequencies.withLock({ $0[term] }) { return known }
        var statement = try RawStatement(db, "SELECT doc FROM vocabulary WHERE term = ?")
        try statement.bind(term)
        let frequency = try statement.step() ? statement.integer(0) : 0
        frequencies.withLock { frequencies in
            if frequencies.count >= Self.maximumFrequencies { frequencies.removeAll() }
            frequencies[term] = frequency
        }
        return frequency
    }
}

extension LocalIndex.Filter {
    /// The documents below the path prefix; nil for all.
    fileprivate func documents(_ db: Database) throws -> Bitmap? {
        guard let pathPrefix, !pathPrefix.isEmpty else { return nil }
        let last = try Int.fetchOne(db, sql: "SELECT max(id) FROM document") ?? 0
        var found = Bitmap(count: last + 1)
        // Compared as bytes: every path with the prefix lies between it and it followed by the last character.
        var statement = try RawStatement(db, "SELECT id FROM document WHERE path >= ?1 AND path < ?1 || char(0x10FFFF)")
        try statement.bind(pathPrefix)
        while try statement.step() { found.insert(statement.integer(0)) }
        return found
    }

    fileprivate func languageNumbers(_ db: Database) throws -> Set<Int32>? {
        if languages.isEmpty { return nil }
        return try numbers(of: languages, db, "SELECT id FROM language WHERE name = ?")
    }

    fileprivate func excludedDocuments(_ db: Database) throws -> Set<Int32> {
        try numbers(of: excludedPaths, db, "SELECT id FROM document WHERE path = ?")
    }

    private func numbers(of names: Set<String>, _ db: Database, _ sql: String) throws -> Set<Int32> {
        var found: Set<Int32> = []
        var statement = try RawStatement(db, sql)
        for name in names {
            try statement.bind(name)
            if try statement.step() { found.insert(Int32(truncatingIfNeeded: statement.integer(0))) }
            statement.reset()
        }
        return found
    }
}
