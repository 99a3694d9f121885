import GRDB

/// Reads entries by row.
///
/// The catalogue knows which document, slot and language a row has, and the entries of one search share few of them:
/// that leaves two look-ups an entry where a join would need five.
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
            SELECT c.id, c.start_line, c.end_line, c.byte_start, c.byte_end, c.symbol, c.header, c.text, c.kind, v.hash
            FROM content c, vector v WHERE c.row = ?1 AND v.slot = ?2
            """)
        for row in rows where entries[row] == nil && table.contains(row) {
            try statement.bind(row)
            try statement.bind(Int(table.slots[row]))
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
