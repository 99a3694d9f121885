import GRDB

/// Writes the rows of one document.
enum DocumentWriter {
    static func replace(
        _ document: LocalIndex.DocumentRecord, entries: [LocalIndex.Entry], keys: [[String]], _ db: Database,
        slot: (LocalIndex.Entry, Int) throws -> Int
    ) throws {
        let number = try save(document, entryCount: entries.count, db)
        try removeEntries(ofDocument: number, db)
        var languages: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            let language = try languages[entry.language] ?? language(entry.language, db)
            languages[entry.language] = language
            let row = try insert(entry, document: number, language: language, slot: slot(entry, index), db)
            if !keys.isEmpty { try insert(keys: keys[index], ofRow: row, db) }
        }
    }

    static func remove(_ path: String, _ db: Database) throws {
        var find = try RawStatement(db, "SELECT id FROM document WHERE path = ?")
        try find.bind(path)
        guard try find.step() else { return }
        let number = find.integer(0)
        find.reset()
        try removeEntries(ofDocument: number, db)
        var delete = try RawStatement(db, "DELETE FROM document WHERE id = ?")
        try delete.bind(number)
        try delete.run()
    }

    private static func save(
        _ document: LocalIndex.DocumentRecord, entryCount: Int, _ db: Database
    ) throws -> Int {
        var statement = try RawStatement(
            db,
            """
            INSERT INTO document (path, tag, version, size, passages, attributes) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (path) DO UPDATE SET tag = excluded.tag, version = excluded.version, size = excluded.size,
                passages = excluded.passages, attributes = excluded.attributes
            RETURNING id
            """)
        try statement.bind(document.path)
        try statement.bind(document.tag)
        try statement.bind(document.version)
        try statement.bind(document.size)
        try statement.bind(entryCount)
        try statement.bind(document.attributes)
        guard try statement.step() else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a document got no number")
        }
        let number = statement.integer(0)
        try statement.run()
        return number
    }

    private static func language(_ name: String, _ db: Database) throws -> Int {
        var insert = try RawStatement(db, "INSERT OR IGNORE INTO language (name) VALUES (?)")
        try insert.bind(name)
        try insert.run()
        var find = try RawStatement(db, "SELECT id FROM language WHERE name = ?")
        try find.bind(name)
        guard try find.step() else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a language got no number")
        }
        return find.integer(0)
    }

    private static func insert(
        _ entry: LocalIndex.Entry, document: Int, language: Int, slot: Int, _ db: Database
    ) throws -> Int {
        let body = "\(entry.header)\n\(entry.text)"
        let length = [entry.document, entry.symbol, body].reduce(0) { $0 + TermSplitter.count(in: $1) }
        var narrow = try RawStatement(
            db, "INSERT INTO entry (document, slot, language, length) VALUES (?, ?, ?, ?)")
        for value in [document, slot, language, length] { try narrow.bind(value) }
        try narrow.run()
        let row = Int(db.lastInsertedRowID)
        var wide = try RawStatement(
            db,
            """
            INSERT INTO content (row, id, start_line, end_line, byte_start, byte_end, symbol, header, kind, text, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        try wide.bind(row)
        try wide.bind(entry.id)
        for value in [entry.startLine, entry.endLine, entry.byteStart, entry.byteEnd] { try wide.bind(value) }
        for value in [entry.symbol, entry.header, entry.kind, entry.text, entry.hash] { try wide.bind(value) }
        try wide.run()
        var terms = try RawStatement(db, "INSERT INTO term (rowid, path, symbol, body) VALUES (?, ?, ?, ?)")
        try terms.bind(row)
        for value in [entry.document, entry.symbol, body] { try terms.bind(value) }
        try terms.run()
        return row
    }

    private static func insert(keys: [String], ofRow row: Int, _ db: Database) throws {
        var statement = try RawStatement(db, "INSERT OR IGNORE INTO key (key, row) VALUES (?, ?)")
        for key in keys {
            try statement.bind(key)
            try statement.bind(row)
            try statement.run()
        }
    }

    private static func removeEntries(ofDocument document: Int, _ db: Database) throws {
        // FTS5 stores no text: to take terms out it has to be shown the text that brought them in.
        let statements = [
            """
            INSERT INTO term (term, rowid, path, symbol, body)
            SELECT 'delete', e.row, d.path, c.symbol, c.header || char(10) || c.text
            FROM entry e JOIN document d ON d.id = e.document JOIN content c ON c.row = e.row WHERE e.document = ?
            """,
            "INSERT INTO removal (row) SELECT row FROM entry WHERE document = ? ORDER BY row",
            "DELETE FROM key WHERE row IN (SELECT row FROM entry WHERE document = ?)",
            "DELETE FROM content WHERE row IN (SELECT row FROM entry WHERE document = ?)",
            "DELETE FROM entry WHERE document = ?",
        ]
        for sql in statements {
            var statement = try RawStatement(db, sql)
            try statement.bind(document)
            try statement.run()
        }
    }
}
