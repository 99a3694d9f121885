import Postgres

/// The tables, as a list of migrations that is only ever added to.
///
/// An upgrade must not stop the answers: so a step is additive (new tables, new columns with a default), and what became
/// useless goes one version later, when nobody reads it any more. A step that is not additive locks out the version before.
enum PostgresSchema {
    struct Hypertable {
        let table: String
        let column: String
        let interval: String
    }

    /// What is divided by time where TimescaleDB is. A chunk should fit into memory: messages are read for weeks, events for
    /// hours.
    static let event = Hypertable(table: "event", column: "task_created_at", interval: "1 day")
    static let message = Hypertable(table: "message", column: "created_at", interval: "7 days")
    static let hypertables = [event, message]

    static let migrations = [
        PostgresMigration("1 ledger") { connection in
            // A question may be long and never changes; its answer's row changes with every piece of text, in place as
            // long as no index is concerned and its page has room.
            try await connection.run(
                script: """
                    CREATE TABLE question (id text PRIMARY KEY, task bytea NOT NULL);
                    CREATE TABLE answer (
                        id text PRIMARY KEY,
                        project text,
                        session text,
                        status text NOT NULL,
                        attempt int NOT NULL DEFAULT 0,
                        last_sequence int NOT NULL DEFAULT 0,
                        is_cancellation_requested bool NOT NULL DEFAULT false,
                        deduplication_key text,
                        body_hash text,
                        created_at timestamptz NOT NULL,
                        published_at timestamptz,
                        started_at timestamptz,
                        finished_at timestamptz,
                        failure bytea
                    ) WITH (fillfactor = 70);
                    CREATE INDEX answer_created ON answer (created_at DESC, id DESC);
                    CREATE INDEX answer_status ON answer (status, created_at DESC, id DESC);
                    CREATE INDEX answer_project ON answer (project, created_at DESC, id DESC);
                    CREATE INDEX answer_session ON answer (session);
                    CREATE INDEX answer_deduplication ON answer (deduplication_key, created_at)
                        WHERE deduplication_key IS NOT NULL;
                    CREATE INDEX answer_finished ON answer (finished_at) WHERE finished_at IS NOT NULL;
                    -- The key holds the time that divides the table: that of the task, so that an event written again
                    -- meets itself.
                    CREATE TABLE event (
                        id text NOT NULL,
                        task_created_at timestamptz NOT NULL,
                        sequence int NOT NULL,
                        attempt int NOT NULL,
                        kind bytea NOT NULL,
                        PRIMARY KEY (id, task_created_at, sequence)
                    );
                    """)
            try await divide("event", connection)
        },
        PostgresMigration("2 timeline") { connection in
            // A session knows from when to when its messages are: whoever reads them touches those chunks only.
            try await connection.run(
                script: """
                    CREATE TABLE project (id text PRIMARY KEY, body bytea NOT NULL);
                    CREATE TABLE session (
                        id text PRIMARY KEY,
                        project text,
                        title text NOT NULL,
                        created_at timestamptz NOT NULL,
                        updated_at timestamptz NOT NULL,
                        head text,
                        first_message_at timestamptz,
                        last_message_at timestamptz
                    );
                    CREATE INDEX session_updated ON session (updated_at DESC, id DESC);
                    CREATE INDEX session_project ON session (project, updated_at DESC, id DESC);
                    CREATE INDEX session_head ON session (head, updated_at DESC) WHERE head IS NOT NULL;
                    CREATE TABLE message (
                        session text NOT NULL,
                        created_at timestamptz NOT NULL,
                        id text NOT NULL,
                        body bytea NOT NULL,
                        PRIMARY KEY (session, created_at, id)
                    );
                    """)
            try await divide("message", connection)
        },
        PostgresMigration("3 heat") { connection in
            // Bodies that are there already are counted once; with millions of them that takes its time.
            try await connection.run(
                script: """
                    -- The revision changes with every change of the session's messages.
                    ALTER TABLE session
                        ADD COLUMN revision int8 NOT NULL DEFAULT 0,
                        ADD COLUMN used_at timestamptz,
                        ADD COLUMN hot_messages int8 NOT NULL DEFAULT 0,
                        ADD COLUMN hot_bytes int8 NOT NULL DEFAULT 0,
                        ADD COLUMN warm_messages int8 NOT NULL DEFAULT 0,
                        ADD COLUMN warm_bytes int8 NOT NULL DEFAULT 0,
                        ADD COLUMN cold_messages int8 NOT NULL DEFAULT 0,
                        ADD COLUMN cold_bytes int8 NOT NULL DEFAULT 0;
                    UPDATE session SET used_at = updated_at;
                    UPDATE session SET hot_messages = counted.messages, hot_bytes = counted.bytes
                        FROM (
                            SELECT session, count(*) AS messages, sum(octet_length(body)) AS bytes
                            FROM message GROUP BY session
                        ) AS counted WHERE id = counted.session;
                    ALTER TABLE session ALTER COLUMN used_at SET NOT NULL;
                    CREATE INDEX session_used ON session (project, used_at, id COLLATE "C");

                    CREATE TABLE block (
                        session text NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        number int8 NOT NULL,
                        oldest timestamptz NOT NULL,
                        newest timestamptz NOT NULL,
                        data bytea NOT NULL,
                        PRIMARY KEY (session, number)
                    );
                    -- Compressed by us already.
                    ALTER TABLE block ALTER COLUMN data SET STORAGE EXTERNAL;
                    CREATE TABLE archive_object (
                        key text COLLATE "C" PRIMARY KEY,
                        project text,
                        sha256 text NOT NULL,
                        bytes int8 NOT NULL,
                        messages int8 NOT NULL,
                        created_at timestamptz NOT NULL
                    );
                    CREATE TABLE archive_part (
                        object text COLLATE "C" NOT NULL REFERENCES archive_object (key),
                        frame_start int8 NOT NULL,
                        frame_end int8 NOT NULL,
                        session text NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        messages int8 NOT NULL,
                        bytes int8 NOT NULL,
                        oldest timestamptz NOT NULL,
                        newest timestamptz NOT NULL,
                        PRIMARY KEY (object, frame_start, session)
                    );
                    CREATE INDEX archive_part_session ON archive_part (session);
                    -- What is being deleted, and what lately was: such a key must not come into the manifest again unnoticed.
                    CREATE TABLE archive_deletion (
                        number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        key text COLLATE "C" NOT NULL,
                        ended_at timestamptz
                    );
                    CREATE INDEX archive_deletion_key ON archive_deletion (key);
                    """, timeout: .seconds(3_600))
        },
        PostgresMigration("4 erasure") { connection in
            // No key of the archive is used twice any more, so that one row a deletion is enough.
            try await connection.run(
                script: """
                    CREATE TABLE kept_deletion (key text COLLATE "C" PRIMARY KEY, ended_at timestamptz);
                    INSERT INTO kept_deletion
                        SELECT key, CASE WHEN count(*) = count(ended_at) THEN max(ended_at) END
                        FROM archive_deletion GROUP BY key;
                    DROP TABLE archive_deletion;
                    ALTER TABLE kept_deletion RENAME TO archive_deletion;
                    -- What was erased, so that nothing of it comes back late.
                    CREATE TABLE erasure (scope text COLLATE "C" PRIMARY KEY, erased_at timestamptz NOT NULL);
                    """)
        },
    ]

    private static func divide(_ table: String, _ connection: PostgresConnection) async throws {
        guard try await TimescaleDB.install(connection) else { return }
        for hypertable in hypertables where hypertable.table == table {
            // Our key is the only index: the one by time alone that TimescaleDB would add is never read.
            try await connection.run(
                script: """
                    SELECT create_hypertable(
                        '\(table)', by_range('\(hypertable.column)', INTERVAL '\(hypertable.interval)'),
                        create_default_indexes => false);
                    """)
        }
    }
}
