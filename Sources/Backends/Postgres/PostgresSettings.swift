/// Where ledger and timeline are kept in PostgreSQL.
public struct PostgresSettings: Sendable {
    /// `postgresql://user:password@host:5432/database?sslmode=verify-full&sslrootcert=…`
    public var url: String
    /// Hearth's tables are here; several Hearths share a database by different schemas.
    public var schema = "hearth"
    public var maximumConnections = 8

    public init(url: String) { self.url = url }
}
