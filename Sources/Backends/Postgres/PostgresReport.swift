/// What `doctor` says of a database.
public struct PostgresReport: Sendable {
    /// For example `15.8`.
    public let serverVersion: String
    /// For example `2.19.3`; `nil` without TimescaleDB.
    public let timescaleVersion: String?
    public let edition: PostgresEdition
    /// The tables that are divided by time.
    public let hypertables: [String]
    /// What there is to know about this edition: what it lacks, and what becomes of it.
    public let remarks: [String]

    init(
        serverVersion: String, timescaleVersion: String?, edition: PostgresEdition, hypertables: [String],
        tables: [String]
    ) {
        self.serverVersion = serverVersion
        self.timescaleVersion = timescaleVersion
        self.edition = edition
        self.hypertables = hypertables
        var remarks: [String] = []
        switch edition {
        case .timescale:
            remarks.append(
                "Hearth's heat keeper compresses, archives and deletes history itself. Add no compression or retention policies to its tables."
            )
        case .apache:
            remarks.append(
                "This is TimescaleDB's Apache edition: it has no compression and no policies. Hearth needs neither: its heat keeper compresses, archives and deletes history itself."
            )
        case .plain:
            remarks.append(
                "There is no TimescaleDB: tables are not divided by time, so what the heat keeper leaves hot shares one index. Install it for many millions of hot messages."
            )
        }
        let undivided = tables.filter { !hypertables.contains($0) }
        if edition != .plain, !undivided.isEmpty {
            remarks.append(
                "TimescaleDB came after Hearth's tables: \(undivided.joined(separator: ", ")) are not divided by time. Run create_hypertable with migrate_data, or stay as it is."
            )
        }
        self.remarks = remarks
    }
}
