import GRDB

/// The one row that says which files and which slots belong to a committed state.
struct IndexState: Sendable, Hashable {
    /// Ties the vector files to the database they were written with.
    var identity: Int
    var dimension: Int
    /// The number of the vector file; a compaction writes the next one.
    var epoch: Int
    /// Counts commits.
    var version: Int
    /// Slots in use in the vector file; what lies behind them is left over from a crash.
    var slots: Int
    /// Removals up to this one are forgotten: whoever has not seen them has to load everything anew.
    var forgottenRemovals: Int

    static func load(_ db: Database) throws -> IndexState {
        let statement = try RawStatement(
            db, "SELECT identity, dimension, epoch, version, slots, forgotten_removals FROM state WHERE id = 1")
        guard try statement.step() else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the state of the index is missing")
        }
        return IndexState(
            identity: statement.integer(0),
            dimension: statement.integer(1),
            epoch: statement.integer(2),
            version: statement.integer(3),
            slots: statement.integer(4),
            forgottenRemovals: statement.integer(5)
        )
    }

    func save(_ db: Database) throws {
        var statement = try RawStatement(
            db,
            """
            INSERT INTO state (id, identity, dimension, epoch, version, slots, forgotten_removals)
            VALUES (1, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, version = excluded.version,
                slots = excluded.slots, forgotten_removals = excluded.forgotten_removals
            """)
        try statement.bind(identity)
        try statement.bind(dimension)
        try statement.bind(epoch)
        try statement.bind(version)
        try statement.bind(slots)
        try statement.bind(forgottenRemovals)
        try statement.run()
    }
}
