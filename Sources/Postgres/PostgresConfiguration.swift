import CPostgres

/// Where the server is, and how the pool behaves.
public struct PostgresConfiguration: Sendable, CustomStringConvertible {
    /// A `postgresql://` URL or `key=value` pairs, as every PostgreSQL client takes it: `sslmode`, `sslrootcert`, several
    /// hosts, `target_session_attrs` and all the rest are libpq's.
    public let connectionString: String
    /// The most connections at the same time.
    public var maximumConnections = 8
    /// How long opening a connection may take.
    public var connectTimeout: Duration = .seconds(10)
    /// How long a statement may take for which the caller chose no time of its own.
    public var statementTimeout: Duration = .seconds(30)
    /// How long a caller waits for a free connection.
    public var poolTimeout: Duration = .seconds(30)
    /// How often a transaction is run in all if others are in its way (40001, 40P01).
    public var transactionAttempts = 10
    /// Set on every connection when it is opened, for example `search_path`.
    public var sessionSettings: [String: String] = [:]

    /// What the server is called in messages: without the password.
    let place: String

    /// - Throws: ``PostgresError`` with code `.invalidConfiguration`; its message does not repeat the string.
    public init(_ connectionString: String) throws(PostgresError) {
        self.connectionString = connectionString
        place = try Self.place(connectionString)
    }

    public var description: String { "PostgreSQL at \(place)" }

    private static func place(_ connectionString: String) throws(PostgresError) -> String {
        guard !connectionString.utf8.contains(0), let options = PQconninfoParse(connectionString, nil) else {
            throw PostgresError(
                .invalidConfiguration,
                "The connection string cannot be read. Write it as postgresql://user:password@host:5432/database.")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let host = values["host"] ?? values["hostaddr"] ?? "local socket"
        let user = values["user"].map { "\($0)@" } ?? ""
        let database = values["dbname"].map { "/\($0)" } ?? ""
        return "\(user)\(host):\(values["port"] ?? "5432")\(database)"
    }

    func validate() throws(PostgresError) {
        guard (1...1_000).contains(maximumConnections) else {
            throw PostgresError(
                .invalidConfiguration, "maximumConnections is \(maximumConnections). Choose 1 to 1000.")
        }
        guard transactionAttempts >= 1 else {
            throw PostgresError(
                .invalidConfiguration, "transactionAttempts is \(transactionAttempts). Choose 1 or more.")
        }
        let durations = [
            ("connectTimeout", connectTimeout), ("statementTimeout", statementTimeout), ("poolTimeout", poolTimeout),
        ]
        for (name, value) in durations where value <= .zero {
            throw PostgresError(.invalidConfiguration, "\(name) is \(value). Choose more than 0.")
        }
    }
}
