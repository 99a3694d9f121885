/// One row of a result.
public struct PostgresRow: Sendable {
    let columns: PostgresColumns
    /// All values in a row.
    let bytes: [UInt8]
    /// Where each column's value is; `nil` for NULL.
    let cells: [Range<Int>?]

    /// The value of the named column.
    /// - Throws: ``PostgresError`` with code `.unexpectedValue` if there is none of that name, or it is of another type.
    public subscript<Value: PostgresValue>(_ name: String) -> Value {
        get throws(PostgresError) {
            guard let index = columns.index[name] else {
                throw PostgresError(.unexpectedValue, "The result has no column \(name). Name it in the statement.")
            }
            return try self[index]
        }
    }

    /// The value of the column at `index`, from 0.
    /// - Throws: ``PostgresError`` with code `.unexpectedValue` if there is none, or it is of another type.
    public subscript<Value: PostgresValue>(_ index: Int) -> Value {
        get throws(PostgresError) {
            guard cells.indices.contains(index) else {
                throw PostgresError(.unexpectedValue, "The result has no column number \(index).")
            }
            return try Value(postgres: cells[index].map { bytes[$0] }, type: columns.types[index])
        }
    }
}

/// What all rows of a result share.
final class PostgresColumns: Sendable {
    let index: [String: Int]
    let types: [PostgresType]

    init(names: [String], types: [PostgresType]) {
        index = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        self.types = types
    }
}

/// What a statement gave.
struct PostgresResult: Sendable {
    var rows: [PostgresRow] = []
    /// How many rows it wrote or read.
    var count = 0
    /// What the server says that it did, for example `COMMIT`.
    var tag = ""
}
