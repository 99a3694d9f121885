import Testing

@testable import Postgres

@Suite("The pool", .timeLimit(.minutes(1)), .withServer)
struct PoolTests {
    @Test("200 callers share four connections, and each is served")
    func bound() async throws {
        try await Server.withPool { pool in
            let most = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            let row = try await connection.query(
                                """
                                SELECT $1::int8, (SELECT count(*) FROM pg_stat_activity
                                    WHERE application_name = 'hearth' AND query LIKE '%bound of the pool%'
                                    AND state = 'active'), pg_sleep(0.001) -- bound of the pool
                                """, [number])[0]
                            return (try row[0], try row[1])
                        }
                    }
                }
                var numbers: Set<Int> = []
                var most = 0
                for try await (number, active) in group {
                    numbers.insert(number)
                    most = max(most, active)
                }
                #expect(numbers.count == 200)
                return most
            }
            #expect((2...4).contains(most))
            #expect(pool.lent == 0)
        }
    }

    @Test("a cancelled statement ends at once, on the server too, and the connection is as good as new")
    func cancellation() async throws {
        try await Server.withPool {
            $0.maximumConnections = 2
        } _: { pool in
            let sleeper = Task { try await pool.execute("SELECT pg_sleep(60) /* to be cancelled */") }
            try await Server.untilRunning("/* to be cancelled */", pool)
            let elapsed = await ContinuousClock().measure {
                sleeper.cancel()
                await #expect(throws: CancellationError.self) { try await sleeper.value }
            }
            #expect(elapsed < .seconds(10))
            #expect(pool.lent == 0)
            // Both connections work, and neither had to be opened anew.
            let ids = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<2 {
                    group.addTask { try await pool.query("SELECT pg_backend_pid() FROM pg_sleep(0.1)")[0][0] }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 2)
            let running: Int = try await pool.query(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60) /* to be cancelled%' AND state = 'active'"
            )[0][0]
            #expect(running == 0)
        }
    }

    @Test("cancelling inside a transaction takes it back")
    func cancelledTransaction() async throws {
        try await Server.withPool { pool in
            try await pool.execute("CREATE TABLE t (a int8)")
            let task = Task {
                try await pool.withTransaction { connection in
                    try await connection.execute("INSERT INTO t VALUES (1)")
                    try await connection.execute("SELECT pg_sleep(60) /* inside a transaction */")
                }
            }
            try await Server.untilRunning("/* inside a transaction */", pool)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let count: Int = try await pool.query("SELECT count(*) FROM t")[0][0]
            #expect(count == 0)
        }
    }

    @Test("a statement that takes too long is a retriable error, and the connection is kept")
    func timeout() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            let before: Int = try await pool.query("SELECT pg_backend_pid()")[0][0]
            let error = await #expect(throws: PostgresError.self) {
                try await pool.execute("SELECT pg_sleep(60)", timeout: .milliseconds(50))
            }
            #expect(error?.code == .timeout && error?.isRetriable == true)
            let after: Int = try await pool.query("SELECT pg_backend_pid()")[0][0]
            #expect(before == after)
        }
    }

    @Test("who waits too long for a connection is told so; who is cancelled waits no longer; closing ends all waits")
    func waits() async throws {
        try await Server.withPool({
            $0.maximumConnections = 1
            $0.poolTimeout = .milliseconds(50)
        }) { pool in
            try await pool.withConnection { _ in
                let error = await #expect(throws: PostgresError.self) { try await pool.execute("SELECT 1") }
                #expect(error?.code == .poolBusy)
            }
            try await pool.execute("SELECT 1")
        }
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            try await pool.withConnection { _ in
                let cancelled = Task { try await pool.execute("SELECT 1") }
                cancelled.cancel()
                await #expect(throws: CancellationError.self) { try await cancelled.value }
                let refused = Task { try await pool.execute("SELECT 1") }
                await pool.close()
                let error = await #expect(throws: PostgresError.self) { try await refused.value }
                #expect(error?.code == .closed)
            }
            #expect(pool.lent == 0)
        }
    }

    @Test("a connection that the server ended while idle is opened anew unseen; a call that was on it fails, retriably")
    func brokenConnections() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            let killer = try PostgresPool(pool.configuration)
            let first: Int = try await pool.query("SELECT pg_backend_pid()")[0][0]
            // The wait is over when the backend has gone.
            try await killer.execute("SELECT pg_terminate_backend($1::int4, 10000)", [first])
            let second: Int = try await pool.query("SELECT pg_backend_pid()")[0][0]
            #expect(first != second)

            let call = Task { try await pool.execute("SELECT pg_sleep(60) /* to be killed */") }
            try await Server.untilRunning("/* to be killed */", killer)
            try await killer.execute("SELECT pg_terminate_backend($1::int4, 10000)", [second])
            let error = await #expect(throws: PostgresError.self) { try await call.value }
            #expect(error?.code == .connectionLost && error?.isRetriable == true)
            let third: Int = try await pool.query("SELECT pg_backend_pid()")[0][0]
            #expect(third != second)
            // Not the first statement of its borrower: it must not land on another session unseen.
            try await pool.withConnection { connection in
                try await connection.execute("BEGIN")
                try await killer.execute("SELECT pg_terminate_backend($1::int4, 10000)", [third])
                let error = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
                #expect(error?.code == .connectionLost)
            }
            try await pool.execute("SELECT 1")
            await killer.close()
        }
    }

    @Test("what a borrower leaves open is taken back, and the connection is no good after its scope")
    func scopes() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            try await pool.execute("CREATE TABLE t (a int8)")
            let escaped = try await pool.withConnection { connection in
                try await connection.execute("BEGIN")
                try await connection.execute("INSERT INTO t VALUES (1)")
                return connection
            }
            let count: Int = try await pool.query("SELECT count(*) FROM t")[0][0]
            #expect(count == 0)
            let error = await #expect(throws: PostgresError.self) { try await escaped.execute("SELECT 1") }
            #expect(error?.code == .closed)
        }
    }

    @Test("a wrong password, database, host or port is an error of its own, without the password")
    func refusals() async throws {
        func failure(_ change: (String) -> String) async throws -> PostgresError? {
            var configuration = try PostgresConfiguration(change(try #require(Server.url)))
            configuration.connectTimeout = .seconds(5)
            let pool = try PostgresPool(configuration)
            let error = await #expect(throws: PostgresError.self) { try await pool.execute("SELECT 1") }
            await pool.close()
            return error
        }
        let password = try await failure { $0.replacing(/:[0-9a-f]+@/, with: ":nonsense@") }
        #expect(password?.code == .authenticationFailed && password?.sqlState == "28P01")
        #expect(password.map { "\($0)".contains("nonsense") } == false)
        let database = try await failure { $0.replacing(/\/hearth$/, with: "/nowhere") }
        #expect(database?.code == .noSuchDatabase && database?.isRetriable == false)
        let port = try await failure { $0.replacing(/:[0-9]+\//, with: ":1/") }
        #expect(port?.code == .connectionFailed && port?.isRetriable == true)
        let host = try await failure { $0.replacing("127.0.0.1", with: "no-such-host.invalid") }
        #expect(host?.code == .connectionFailed)
    }

    @Test("TLS is used and the server's certificate checked", .enabled(if: Server.rootCertificate != nil))
    func tls() async throws {
        let url = try #require(Server.url)
        let certificate = try #require(Server.rootCertificate)
        let pool = try PostgresPool(PostgresConfiguration("\(url)?sslmode=verify-full&sslrootcert=\(certificate)"))
        let version: String = try await pool.query("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0][0]
        #expect(version.hasPrefix("TLSv1."))
        await pool.close()
        let wrong = try PostgresPool(PostgresConfiguration("\(url)?sslmode=verify-full&sslrootcert=/dev/null"))
        let error = await #expect(throws: PostgresError.self) { try await wrong.execute("SELECT 1") }
        #expect(error?.code == .connectionFailed)
        await wrong.close()
    }
}
