import Hearth
import Postgres

extension ArchivePart {
    /// A row of `archive_part`. All parts are made here: `thaw` compares what was read with what is there.
    init?(_ row: PostgresRow) throws {
        guard let session = SessionID(rawValue: try row["session"]) else { return nil }
        let (start, end): (Int, Int) = (try row["frame_start"], try row["frame_end"])
        guard start <= end else { return nil }
        self.init(
            session: session, object: try row["object"], frame: start..<end,
            tally: HeatTally(messages: try row["messages"], bytes: try row["bytes"]), oldest: try row["oldest"],
            newest: try row["newest"])
    }
}

extension ArchiveObject {
    /// A row of `archive_object`.
    init(_ row: PostgresRow) throws {
        let project: String? = try row["project"]
        self.init(
            key: try row["key"], projectID: project.flatMap(ProjectID.init(rawValue:)), sha256: try row["sha256"],
            bytes: try row["bytes"], messages: try row["messages"], createdAt: try row["created_at"])
    }
}
