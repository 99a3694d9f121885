import GRDB

/// The tables, as a list of migrations that is only ever added to.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 bus") { database in
            // Whatever is counted or looked through is read from an index alone, without the payloads.
            try database.execute(
                sql: """
                    CREATE TABLE task (
                        position INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL,
                        topic TEXT NOT NULL,
                        priority INTEGER NOT NULL,
                        orderingKey TEXT,
                        notBefore REAL,
                        expiresAt REAL,
                        properties TEXT NOT NULL,
                        payload BLOB NOT NULL,
                        publishedAt REAL NOT NULL,
                        deliveryCount INTEGER NOT NULL DEFAULT 0,
                        owner TEXT,
                        receipt TEXT,
                        deadReason TEXT,
                        diedAt REAL,
                        UNIQUE (topic, id)
                    );
                    CREATE INDEX task_ready ON task (topic, priority DESC, position, notBefore, orderingKey, publishedAt)
                        WHERE owner IS NULL AND diedAt IS NULL;
                    CREATE INDEX task_held ON task (topic, owner) WHERE owner IS NOT NULL;
                    CREATE INDEX task_key ON task (topic, orderingKey, position)
                        WHERE orderingKey IS NOT NULL AND diedAt IS NULL;
                    CREATE INDEX task_dead ON task (topic, diedAt) WHERE diedAt IS NOT NULL;
                    """)
        }
        migrator.registerMigration("2 ledger") { database in
            // A question may be long and never changes; its answer's row changes with every piece of text.
            try database.execute(
                sql: """
                    CREATE TABLE question (id TEXT PRIMARY KEY, task BLOB NOT NULL) WITHOUT ROWID;
                    CREATE TABLE answer (
                        id TEXT PRIMARY KEY,
                        project TEXT,
                        status TEXT NOT NULL,
                        attempt INTEGER NOT NULL DEFAULT 0,
                        lastSequence INTEGER NOT NULL DEFAULT 0,
                        isCancellationRequested INTEGER NOT NULL DEFAULT 0,
                        deduplicationKey TEXT,
                        bodyHash TEXT,
                        createdAt REAL NOT NULL,
                        publishedAt REAL,
                        startedAt REAL,
                        finishedAt REAL,
                        failure BLOB
                    ) WITHOUT ROWID;
                    CREATE INDEX answer_created ON answer (createdAt DESC);
                    CREATE INDEX answer_status ON answer (status, createdAt DESC);
                    CREATE INDEX answer_project ON answer (project, createdAt DESC);
                    CREATE INDEX answer_deduplication ON answer (deduplicationKey, createdAt)
                        WHERE deduplicationKey IS NOT NULL;
                    CREATE INDEX answer_finished ON answer (finishedAt) WHERE finishedAt IS NOT NULL;
                    CREATE TABLE event (
                        id TEXT NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
                        sequence INTEGER NOT NULL,
                        attempt INTEGER NOT NULL,
                        kind BLOB NOT NULL,
                        PRIMARY KEY (id, sequence)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("3 timeline") { database in
            try database.execute(
                sql: """
                    CREATE TABLE project (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
                    CREATE TABLE session (
                        id TEXT PRIMARY KEY,
                        project TEXT,
                        title TEXT NOT NULL,
                        createdAt REAL NOT NULL,
                        updatedAt REAL NOT NULL,
                        head TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX session_updated ON session (updatedAt DESC);
                    CREATE INDEX session_project ON session (project, updatedAt DESC);
                    CREATE INDEX session_head ON session (head, updatedAt DESC) WHERE head IS NOT NULL;
                    CREATE TABLE message (
                        id TEXT PRIMARY KEY,
                        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        createdAt REAL NOT NULL,
                        body BLOB NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX message_session ON message (session, createdAt, id);
                    """)
        }
        migrator.registerMigration("4 heat") { database in
            try database.execute(
                sql: """
                    ALTER TABLE answer ADD COLUMN session TEXT;
                    UPDATE answer SET session = (
                        SELECT json_extract(CAST(task AS TEXT), '$.question.sessionID') FROM question
                        WHERE question.id = answer.id);
                    CREATE INDEX answer_session ON answer (session);

                    -- Changes with every change of the session's messages.
                    ALTER TABLE session ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
                    -- The last message or the last thawing, whichever is later.
                    ALTER TABLE session ADD COLUMN usedAt REAL NOT NULL DEFAULT 0;
                    -- Counted along, so that nobody has to look at the messages to know how much there is.
                    ALTER TABLE session ADD COLUMN hotMessages INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE session ADD COLUMN hotBytes INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE session ADD COLUMN warmMessages INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE session ADD COLUMN warmBytes INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE session ADD COLUMN coldMessages INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE session ADD COLUMN coldBytes INTEGER NOT NULL DEFAULT 0;
                    UPDATE session SET usedAt = updatedAt,
                        hotMessages = (SELECT count(*) FROM message WHERE message.session = session.id),
                        hotBytes = (SELECT coalesce(sum(length(body)), 0) FROM message WHERE message.session = session.id);
                    CREATE INDEX session_used ON session (project, usedAt, id);

                    CREATE TABLE block (
                        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        number INTEGER NOT NULL,
                        oldest REAL NOT NULL,
                        newest REAL NOT NULL,
                        data BLOB NOT NULL,
                        PRIMARY KEY (session, number)
                    );
                    CREATE TABLE archiveObject (
                        key TEXT PRIMARY KEY,
                        project TEXT,
                        sha256 TEXT NOT NULL,
                        bytes INTEGER NOT NULL,
                        messages INTEGER NOT NULL,
                        createdAt REAL NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE archivePart (
                        object TEXT NOT NULL REFERENCES archiveObject (key),
                        frameStart INTEGER NOT NULL,
                        frameEnd INTEGER NOT NULL,
                        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        messages INTEGER NOT NULL,
                        bytes INTEGER NOT NULL,
                        oldest REAL NOT NULL,
                        newest REAL NOT NULL,
                        PRIMARY KEY (object, frameStart, session)
                    ) WITHOUT ROWID;
                    CREATE INDEX archivePart_session ON archivePart (session);
                    -- What is being deleted, and what lately was: such a key must not come into the manifest again unnoticed.
                    CREATE TABLE archiveDeletion (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        key TEXT NOT NULL,
                        endedAt REAL
                    );
                    CREATE INDEX archiveDeletion_key ON archiveDeletion (key);
                    """)
        }
        migrator.registerMigration("5 messages in whole pages") { database in
            // A table without row ids keeps a row of more than a quarter of a page in a page of its own, most of it empty.
            try database.execute(
                sql: """
                    CREATE TABLE wholeMessage (
                        id TEXT NOT NULL PRIMARY KEY,
                        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                        createdAt REAL NOT NULL,
                        body BLOB NOT NULL
                    );
                    INSERT INTO wholeMessage SELECT id, session, createdAt, body FROM message ORDER BY session, createdAt, id;
                    DROP TABLE message;
                    ALTER TABLE wholeMessage RENAME TO message;
                    CREATE INDEX message_session ON message (session, createdAt, id);
                    """)
        }
        migrator.registerMigration("6 erasure") { database in
            // No key of the archive is used twice any more, so that one row a deletion is enough.
            try database.execute(
                sql: """
                    CREATE TABLE keptDeletion (key TEXT PRIMARY KEY, endedAt REAL) WITHOUT ROWID;
                    INSERT INTO keptDeletion
                        SELECT key, CASE WHEN count(*) = count(endedAt) THEN max(endedAt) END FROM archiveDeletion GROUP BY key;
                    DROP TABLE archiveDeletion;
                    ALTER TABLE keptDeletion RENAME TO archiveDeletion;
                    -- What was erased, so that nothing of it comes back late.
                    CREATE TABLE erasure (scope TEXT PRIMARY KEY, erasedAt REAL NOT NULL) WITHOUT ROWID;
                    """)
        }
        return migrator
    }
}
