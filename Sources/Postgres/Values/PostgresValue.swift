/// What can be a parameter of a statement and a column of a row, in PostgreSQL's binary format.
///
/// `Int`, `Int32`, `Double`, `Bool`, `String`, `Data`, `Date`, optionals of them (NULL) and arrays of all these.
public protocol PostgresValue: Sendable {
    /// What a parameter of this type is declared as.
    static var postgresType: PostgresType { get }
    /// The bytes of the value; `nil` for NULL.
    /// - Throws: ``PostgresError`` with code `.invalidValue` for what PostgreSQL cannot hold.
    func postgresBytes() throws(PostgresError) -> [UInt8]?
    /// The value that the server sent, `nil` for NULL.
    /// - Throws: ``PostgresError`` with code `.unexpectedValue` for another type.
    init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError)
}

/// A value that arrays can hold.
public protocol PostgresElement: PostgresValue {
    /// What an array of this type is declared as.
    static var postgresArrayType: PostgresType { get }
}

extension PostgresError {
    static func unexpected(_ wanted: Any.Type, _ type: PostgresType) -> PostgresError {
        PostgresError(
            .unexpectedValue,
            "A column of type number \(type.rawValue) was read as \(wanted). Cast it in the statement, or read another type."
        )
    }

    static func unexpectedNull(_ wanted: Any.Type) -> PostgresError {
        PostgresError(.unexpectedValue, "A column is NULL where \(wanted) was read. Read an optional.")
    }
}

extension Optional: PostgresValue where Wrapped: PostgresValue {
    public static var postgresType: PostgresType { Wrapped.postgresType }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? {
        guard let self else { return nil }
        return try self.postgresBytes()
    }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else {
            self = nil
            return
        }
        self = try Wrapped(postgres: bytes, type: type)
    }
}

extension Optional: PostgresElement where Wrapped: PostgresElement {
    public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}
