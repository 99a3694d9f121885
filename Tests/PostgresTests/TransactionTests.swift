import HearthTesting
import Testing

@testable import Postgres

@Suite("Transactions", .timeLimit(.minutes(1)), .withServer)
struct TransactionTests {
    @Test("transactions that would not serialise are run again until all have counted")
    func serialisation() async throws {
        try await Server.withPool {
            $0.transactionAttempts = 200
        } _: { pool in
            try await pool.execute("CREATE TABLE counter (n int8)")
            try await pool.execute("INSERT INTO counter VALUES (0)")
            let attempts = TestSignal()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await pool.withTransaction(isolation: .serializable) { connection in
                            attempts.fire()
                            let n: Int = try await connection.query("SELECT n FROM counter")[0][0]
                            try await connection.execute("UPDATE counter SET n = $1", [n + 1])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let n: Int = try await pool.query("SELECT n FROM counter")[0][0]
            #expect(n == 40)
            #expect(attempts.count > 40)
        }
    }

    @Test("two transactions that wait for each other both end, one of them at its second attempt")
    func deadlock() async throws {
        try await Server.withPool { pool in
            try await pool.execute("CREATE TABLE t (id int8 PRIMARY KEY, n int8)")
            try await pool.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
            let locked = TestSignal()
            let attempts = TestSignal()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await pool.withTransaction { connection in
                            attempts.fire()
                            try await connection.execute("UPDATE t SET n = n + 1 WHERE id = $1", [first])
                            locked.fire()
                            // Each has its first row before either wants its second.
                            try await locked.wait(for: 2)
                            try await connection.execute("UPDATE t SET n = n + 1 WHERE id = $1", [second])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let sum: Int = try await pool.query("SELECT sum(n)::int8 FROM t")[0][0]
            #expect(sum == 4)
            #expect(attempts.count == 3)
        }
    }

    @Test("attempts are bounded, and an error of another kind is not tried again")
    func bounds() async throws {
        try await Server.withPool {
            $0.transactionAttempts = 3
        } _: { pool in
            let attempts = TestSignal()
            let conflict = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { connection in
                    attempts.fire()
                    try await connection.run(script: "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
                }
            }
            #expect(conflict?.code == .serializationFailure && attempts.count == 3)
            let other = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { connection in
                    attempts.fire()
                    try await connection.execute("SELECT * FROM nothing")
                }
            }
            #expect(other?.code == .invalidStatement && other?.sqlState == "42P01" && attempts.count == 4)
        }
    }

    @Test("a transaction whose body swallows the error of a statement is not reported as committed")
    func swallowed() async throws {
        try await Server.withPool { pool in
            try await pool.execute("CREATE TABLE t (a int8)")
            await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { connection in
                    try await connection.execute("INSERT INTO t VALUES (1)")
                    _ = try? await connection.execute("SELECT * FROM nothing")
                }
            }
            let count: Int = try await pool.query("SELECT count(*) FROM t")[0][0]
            #expect(count == 0)
        }
    }

    @Test("a prepared statement survives a change of its table")
    func changedTable() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            try await pool.execute("CREATE TABLE t (a int8)")
            #expect(try await pool.query("SELECT * FROM t").isEmpty)
            try await pool.execute("ALTER TABLE t ADD COLUMN b text DEFAULT 'new'")
            try await pool.execute("INSERT INTO t VALUES (1)")
            let new: String = try await pool.query("SELECT * FROM t")[0]["b"]
            #expect(new == "new")
        }
    }
}
