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
        return migrator
    }
}
