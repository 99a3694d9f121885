/// What `doctor` says of a database.
public struct PostgresReport: Sendable {
    /// For example `15.8`.
    public let serverVersion: String
    /// For example `2.19.3`; `nil` without TimescaleDB.
    public let timescaleVersion: String?
    public let edition: PostgresEdition
    /// The tables that are divided by time.
    public let hypertables: [String]
    /// What this edition lacks and what becomes of it, a sentence each.
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
        case .timescale: break
        case .apache:
            remarks.append(
                "This is TimescaleDB's Apache edition: it has no compression and no policies. Hearth's heat keeper does both."
            )
        case .plain:
            remarks.append(
                "There is no TimescaleDB: tables are not divided by time, so old history makes indexes larger. Install it for many millions of messages."
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
