import FoundationEssentials
import Testing

@testable import Postgres

@Suite("COPY", .timeLimit(.minutes(1)), .withServer)
struct CopyTests {
    private struct Broken: Error {}

    /// Rows `1\ttext of 1\n`, cut anywhere.
    private struct Source: AsyncSequence, AsyncIteratorProtocol {
        let count: Int
        var broken = Int.max
        private var number = 0
        private var rest = Data()

        init(_ count: Int, failingAt broken: Int = .max) { (self.count, self.broken) = (count, broken) }

        func makeAsyncIterator() -> Source { self }

        mutating func next() async throws -> Data? {
            while rest.count < 10_007, number < count {
                number += 1
                if number == broken { throw Broken() }
                rest += Data("\(number)\ttext of \(number)\n".utf8)
            }
            if rest.isEmpty { return nil }
            defer { rest = Data(rest.dropFirst(10_007)) }
            return Data(rest.prefix(10_007))
        }
    }

    @Test("100,000 rows go in and come out again")
    func bothWays() async throws {
        try await Server.withPool { pool in
            try await pool.execute("CREATE TABLE t (a int8, b text)")
            let written = try await pool.withConnection {
                try await $0.copyIn("COPY t FROM STDIN", from: Source(100_000))
            }
            #expect(written == 100_000)
            let (sum, bytes) = try await pool.withConnection { connection in
                try await connection.copyOut("COPY (SELECT * FROM t ORDER BY a) TO STDOUT") { rows in
                    var (sum, bytes) = (0, 0)
                    for try await piece in rows {
                        #expect(piece.last == UInt8(ascii: "\n") && piece.count < 100_000)
                        sum += piece.count { $0 == UInt8(ascii: "\n") }
                        bytes += piece.count
                    }
                    return (sum, bytes)
                }
            }
            #expect(sum == 100_000)
            let size: Int = try await pool.query("SELECT sum(length(a || E'\\t' || b || E'\\n')) FROM t")[0][0]
            #expect(bytes == size)
        }
    }

    @Test("who stops reading early stops the server, and the connection is kept")
    func stopsEarly() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            let before: Int = try await pool.query("SELECT pg_backend_pid()")[0][0]
            try await pool.withConnection { connection in
                try await connection.copyOut(
                    "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 10000000)) TO STDOUT"
                ) { rows in
                    for try await _ in rows { break }
                }
                // Still inside of the scope.
                let after: Int = try await connection.query("SELECT pg_backend_pid()")[0][0]
                #expect(before == after)
            }
        }
    }

    @Test("a source that fails takes all rows back, and so does a row that the table refuses")
    func takesBack() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            try await pool.execute("CREATE TABLE t (a int8 CHECK (a < 5000), b text)")
            await #expect(throws: Broken.self) {
                try await pool.withConnection {
                    try await $0.copyIn("COPY t FROM STDIN", from: Source(4_000, failingAt: 3_000))
                }
            }
            let refused = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { try await $0.copyIn("COPY t FROM STDIN", from: Source(100_000)) }
            }
            #expect(refused?.code == .constraintViolation)
            let count: Int = try await pool.query("SELECT count(*) FROM t")[0][0]
            #expect(count == 0)
        }
    }

    @Test("a statement that is no COPY is refused, and COPY in a query too; the pool stays whole")
    func wrongStatements() async throws {
        try await Server.withPool {
            $0.maximumConnections = 1
        } _: { pool in
            try await pool.execute("CREATE TABLE t (a int8, b text)")
            await #expect(throws: PostgresError.self) {
                try await pool.withConnection { try await $0.copyIn("SELECT 1", from: Source(1)) }
            }
            await #expect(throws: PostgresError.self) {
                try await pool.withConnection { try await $0.copyIn("COPY t TO STDOUT", from: Source(1)) }
            }
            await #expect(throws: PostgresError.self) {
                try await pool.withConnection { try await $0.copyOut("COPY nothing TO STDOUT") { _ in } }
            }
            await #expect(throws: PostgresError.self) { try await pool.query("COPY t TO STDOUT") }
            try await pool.execute("SELECT 1")
        }
    }
}
