import GRDB

/// The tables. `content` holds the wide columns, so that loading the catalogue reads only the narrow ones.
enum Schema {
    /// Goes up with every change of the tables or of how text is split into terms.
    static let version = 3

    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE state (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    identity INTEGER NOT NULL,
                    dimension INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    version INTEGER NOT NULL,
                    slots INTEGER NOT NULL,
                    forgotten_removals INTEGER NOT NULL
                );
                CREATE TABLE document (
                    id INTEGER PRIMARY KEY,
                    path TEXT NOT NULL UNIQUE,
                    tag TEXT NOT NULL,
                    version TEXT NOT NULL,
                    size INTEGER NOT NULL,
                    passages INTEGER NOT NULL,
                    attributes TEXT NOT NULL
                );
                CREATE TABLE language (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
                CREATE TABLE vector (slot INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE);
                CREATE TABLE entry (
                    row INTEGER PRIMARY KEY AUTOINCREMENT,
                    document INTEGER NOT NULL,
                    slot INTEGER NOT NULL,
                    language INTEGER NOT NULL,
                    length INTEGER NOT NULL
                );
                CREATE INDEX entry_of_document ON entry (document);
                CREATE TABLE content (
                    row INTEGER PRIMARY KEY,
                    id TEXT NOT NULL,
                    start_line INTEGER NOT NULL,
                    end_line INTEGER NOT NULL,
                    byte_start INTEGER NOT NULL,
                    byte_end INTEGER NOT NULL,
                    symbol TEXT NOT NULL,
                    header TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    text TEXT NOT NULL,
                    hash TEXT NOT NULL
                );
                CREATE INDEX content_of_id ON content (id);
                CREATE TABLE key (
                    key TEXT NOT NULL,
                    row INTEGER NOT NULL,
                    PRIMARY KEY (key, row)
                ) WITHOUT ROWID;
                CREATE INDEX key_of_row ON key (row);
                CREATE TABLE removal (sequence INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL);
                CREATE VIRTUAL TABLE term USING fts5 (
                    path, symbol, body, content = '', columnsize = 0, tokenize = 'identifiers'
                );
                CREATE VIRTUAL TABLE vocabulary USING fts5vocab (term, row);
                PRAGMA user_version = \(version);
                """)
    }

    /// The version found in the database; 0 when it is new.
    static func found(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
}
