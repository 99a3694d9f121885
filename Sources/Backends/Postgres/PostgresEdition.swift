/// What the database can do beyond plain PostgreSQL.
public enum PostgresEdition: String, Sendable {
    /// TimescaleDB under its own licence: with compression, policies and continuous aggregates.
    case timescale
    /// TimescaleDB's Apache edition: hypertables, without what needs background jobs.
    case apache
    /// No TimescaleDB: the same tables, in one piece each.
    case plain
}
