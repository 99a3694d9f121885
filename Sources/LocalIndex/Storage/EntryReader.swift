import GRDB

/// Reads entries by row.
///
/// The catalogue knows which document, slot and language a row has, and the entries of one search share few of them:
/// that leaves one look-up an entry where a join would need four.
struct EntryReader {
    private let db: Database
    private let table: EntryTable
    private var documents: [Int32: (path: String, version: String)] = [:]
    private var languages: [Int32: String] = [:]

    init(db: Database, table: EntryTable) {
        self.db = db
        self.table = table
    }

    /// Rows whose entry is gone are left out.
    mutating func entries(_ rows: [LocalIndex.Row]) throws -> [LocalIndex.Row: LocalIndex.Entry] {
        var entries: [LocalIndex.Row: LocalIndex.Entry] = [:]
        var statement = try RawStatement(
            db,
            """
            SELECT id, start_line, end_line, byte_start, byte_end, symbol, header, text, kind, hash
            FROM content WHERE row = ?
            """)
        for row in rows where entries[row] == nil && table.contains(row) {
            try statement.bind(row)
            if try statement.step() { entries[row] = try entry(row, statement) }
            statement.reset()
        }
        return entries
    }

    private mutating func entry(
        _ row: LocalIndex.Row, _ statement: borrowing RawStatement
    ) throws -> LocalIndex.Entry {
        let document = try document(table.documents[row])
        return LocalIndex.Entry(
            id: statement.text(0),
            document: document.path,
            language: try language(table.languages[row]),
            startLine: statement.integer(1),
            endLine: statement.integer(2),
            byteStart: statement.integer(3),
            byteEnd: statement.integer(4),
            version: document.version,
            symbol: statement.text(5),
            header: statement.text(6),
            text: statement.text(7),
            hash: statement.text(9),
            kind: statement.text(8)
        )
    }

    private mutating func document(_ number: Int32) throws -> (path: String, version: String) {
        if let known = documents[number] { return known }
        var statement = try RawStatement(db, "SELECT path, version FROM document WHERE id = ?")
        try statement.bind(Int(number))
        let found = try statement.step() ? (statement.text(0), statement.text(1)) : ("", "")
        documents[number] = found
        return found
    }

    private mutating func language(_ number: Int32) throws -> String {
        if let known = languages[number] { return known }
        var statement = try RawStatement(db, "SELECT name FROM language WHERE id = ?")
        try statement.bind(Int(number))
        let found = try statement.step() ? statement.text(0) : ""
        languages[number] = found
        return found
    }
}
