import GRDB
import GRDBSQLite

/// A cached statement, bound and read with explicit lengths.
///
/// GRDB binds and reads text up to the first NUL; sources may contain any character.
struct RawStatement: ~Copyable {
    private let statement: Statement
    private let handle: OpaquePointer
    private var bound: Int32 = 0

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        sqlite3_reset(handle)
    }

    deinit {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// Binds the next parameter.
    mutating func bind(_ value: Int) throws {
        bound += 1
        try check(sqlite3_bind_int64(handle, bound, sqlite3_int64(value)))
    }

    /// Binds the next parameter.
    mutating func bind(_ value: String) throws {
        bound += 1
        guard value.utf8.count <= Int32.max else {
            throw DatabaseError(resultCode: .SQLITE_TOOBIG, message: "a text of more than 2 GB")
        }
        let code = value.withCString { sqlite3_bind_text(handle, bound, $0, Int32(value.utf8.count), Self.copying) }
        try check(code)
    }

    /// Binds the next parameter to a pointer that must stay valid until the statement is done.
    mutating func bind(_ pointer: UnsafeMutableRawPointer, type: StaticString) throws {
        bound += 1
        let code = type.utf8Start.withMemoryRebound(to: CChar.self, capacity: type.utf8CodeUnitCount + 1) {
            sqlite3_bind_pointer(handle, bound, pointer, $0, nil)
        }
        try check(code)
    }

    /// Goes to the next row; false when there is none.
    func step() throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        try check(code)
        return false
    }

    /// Runs to the end and gets ready for the next binding.
    mutating func run() throws {
        while try step() {}
        reset()
    }

    mutating func reset() {
        sqlite3_reset(handle)
        bound = 0
    }

    func integer(_ column: Int32) -> Int {
        Int(sqlite3_column_int64(handle, column))
    }

    func text(_ column: Int32) -> String {
        withText(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the bytes of a column until the next step.
    func withText<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let bytes = sqlite3_column_text(handle, column)
        return body(UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }

    /// Tells SQLite to copy what is bound.
    private static var copying: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
