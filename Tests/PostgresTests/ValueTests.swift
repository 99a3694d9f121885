import FoundationEssentials
import Hearth
import Testing

@testable import Postgres

@Suite("Values of PostgreSQL", .timeLimit(.minutes(1)))
struct ValueTests {
    private func comesBack<Value: PostgresElement & Equatable>(_ values: [Value], _ pool: PostgresPool) async throws {
        let rows = try await pool.query(
            "SELECT $1 AS array, n, v FROM unnest($1) WITH ORDINALITY AS u (v, n) ORDER BY n", [values])
        #expect(rows.count == values.count)
        for (row, value) in zip(rows, values) {
            let single: Value = try row["v"]
            #expect(single == value)
        }
        if let row = rows.first {
            let array: [Value] = try row["array"]
            #expect(array == values)
        }
        let optionals: [Value?] = values.flatMap { [$0, nil] }
        let returned: [Value?] = try await pool.query("SELECT $1", [optionals])[0][0]
        #expect(returned == optionals)
    }

    @Test(
        "values of every type come back as they went, alone, in arrays and beside NULL", .withServer, arguments: 0..<20)
    func roundTrips(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let integers = (0..<20).map { _ in Int(truncatingIfNeeded: random.next() >> random.next(below: 64)) }
        let doubles = integers.map { Double(bitPattern: UInt64(bitPattern: Int64($0))) }.filter { !$0.isNaN }
        let texts = integers.map { number in
            String(
                String.UnicodeScalarView(
                    (0..<abs(number % 40)).map { _ in
                        Unicode.Scalar(UInt32(1 + random.next(below: 0xD7FF))) ?? "?"
                    }))
        }
        let bytes = integers.map { number in
            Data((0..<abs(number % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        }
        let dates = integers.map { Date(timeIntervalSince1970: Double(abs($0 % 3_000_000_000_000_000)) / 1_000_000) }
        try await Server.withPool { pool in
            try await comesBack(integers + [.min, .max, 0], pool)
            try await comesBack(integers.map { Int32(truncatingIfNeeded: $0) } + [.min, .max], pool)
            try await comesBack(doubles + [.infinity, -.infinity, 0, .leastNonzeroMagnitude], pool)
            try await comesBack([true, false], pool)
            try await comesBack(texts + ["", "Grüße 🔥", "'; --"], pool)
            try await comesBack(bytes + [Data(), Data([0])], pool)
            let returned: [Date] = try await pool.query("SELECT $1", [dates])[0][0]
            for (date, returned) in zip(dates, returned) {
                #expect(abs(date.timeIntervalSince(returned)) < 0.000_001)
                // What was read once is the same for ever.
                #expect(try Date(postgres: returned.postgresBytes()?[...], type: .timestamptz) == returned)
            }
        }
    }

    @Test("the server reads what we write as we mean it", .withServer)
    func meaning() async throws {
        try await Server.withPool { pool in
            let row = try await pool.query(
                """
                SELECT $1 = 42 AS int, $2 = -1.5 AS double, $3 = 'ß' AS text, $4 = '\\x00ff'::bytea AS bytes,
                    $5 = '2026-01-02 03:04:05.000006Z' AS date, $6 = 'infinity' AS never, $7 = '{a,NULL,c}'::text[] AS array,
                    $8 IS NULL AS null, $9 = '{}'::int8[] AS empty
                """,
                [
                    42, -1.5, "ß", Data([0, 255]), Date(timeIntervalSince1970: 1_767_323_045.000_006),
                    Date(timeIntervalSince1970: .greatestFiniteMagnitude), ["a", nil, "c"], String?.none, [Int](),
                ])[0]
            for name in ["int", "double", "text", "bytes", "date", "never", "array", "null", "empty"] {
                #expect(try row[name] == true, "\(name)")
            }
        }
    }

    @Test("a value of 20 MB comes back", .withServer)
    func bigValue() async throws {
        try await Server.withPool { pool in
            let data = Data((0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            let returned: Data = try await pool.query("SELECT $1", [data])[0][0]
            #expect(returned == data)
        }
    }

    @Test("a column that is missing, NULL or of another type is an error that says so", .withServer)
    func unexpected() async throws {
        try await Server.withPool { pool in
            let row = try await pool.query("SELECT NULL::text AS nothing, 1.5::numeric AS number")[0]
            let isNull: String? = try row["nothing"]
            #expect(isNull == nil)
            func reading<Value: PostgresValue>(_ name: String, as type: Value.Type) -> PostgresError.Code? {
                do {
                    let _: Value = try row[name]
                    return nil
                } catch { return error.code }
            }
            #expect(reading("nothing", as: String.self) == .unexpectedValue)
            #expect(reading("number", as: Double.self) == .unexpectedValue)
            #expect(reading("absent", as: Int.self) == .unexpectedValue)
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT $1", ["a\0b"]) }
            #expect(error?.code == .invalidValue)
        }
    }

    @Test("damaged arrays are refused, never read past their end")
    func damagedArrays() throws {
        let whole = try #require(try [1, 2, 3].postgresBytes())
        for length in whole.indices {
            #expect(throws: PostgresError.self) { try [Int](postgres: whole[..<length], type: .int8Array) }
        }
        var random = SplitMix64(seed: 7)
        for _ in 0..<10_000 {
            var bytes = whole
            bytes[random.next(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            _ = try? [Int](postgres: bytes[...], type: .int8Array)
        }
    }
}
