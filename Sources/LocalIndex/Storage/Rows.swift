import GRDB

extension LocalIndex.DocumentRecord {
    static let selection = "SELECT path, tag, version, size, passages, attributes FROM document"

    init(_ statement: borrowing RawStatement) {
        self.init(
            path: statement.text(0),
            tag: statement.text(1),
            version: statement.text(2),
            size: statement.integer(3),
            passageCount: statement.integer(4),
            attributes: statement.text(5)
        )
    }
}

extension LocalIndex.Entry {
    static let selection = """
        SELECT e.row, c.id, d.path, l.name, c.start_line, c.end_line, c.byte_start, c.byte_end, d.version, c.symbol,
            c.header, c.text, c.hash, c.kind
        FROM content c JOIN entry e ON e.row = c.row JOIN document d ON d.id = e.document
        JOIN language l ON l.id = e.language
        """

    init(_ statement: borrowing RawStatement) {
        self.init(
            id: statement.text(1),
            document: statement.text(2),
            language: statement.text(3),
            startLine: statement.integer(4),
            endLine: statement.integer(5),
            byteStart: statement.integer(6),
            byteEnd: statement.integer(7),
            version: statement.text(8),
            symbol: statement.text(9),
            header: statement.text(10),
            text: statement.text(11),
            hash: statement.text(12),
            kind: statement.text(13)
        )
    }

    static func fetch(document path: String, _ db: Database) throws -> [LocalIndex.Entry] {
        var statement = try RawStatement(
            db,
            """
            \(selection) WHERE e.document = (SELECT id FROM document WHERE path = ?)
            ORDER BY c.byte_start, c.byte_end, c.row
            """)
        try statement.bind(path)
        var entries: [LocalIndex.Entry] = []
        while try statement.step() { entries.append(LocalIndex.Entry(statement)) }
        return entries
    }
}
