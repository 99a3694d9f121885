import Testing

@testable import Postgres

@Suite("Settings of PostgreSQL")
struct ConfigurationTests {
    @Test(
        "URLs and pairs are read, and the password is in no text",
        arguments: [
            ("postgresql://ada:secret@db.example:5433/hearth?sslmode=verify-full", "ada@db.example:5433/hearth"),
            ("postgres://ada:sec%40ret@[::1]/hearth", "ada@::1:5432/hearth"),
            ("host=db port=6000 user=ada password='secret' dbname=hearth", "ada@db:6000/hearth"),
            ("postgresql://one:1,two:2/hearth?password=secret", "one,two:1,2/hearth"),
            ("", "local socket:5432"),
        ])
    func reads(string: String, place: String) throws {
        let configuration = try PostgresConfiguration(string)
        #expect(configuration.place == place)
        #expect(!"\(configuration)".contains("sec"))
    }

    @Test(
        "what is no connection string is refused without repeating it",
        arguments: ["http://a:secret@b", "host", "port=x user", "a\0"])
    func refuses(string: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(string) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test("settings out of range name themselves and the range")
    func validates() throws {
        var configuration = try PostgresConfiguration("")
        configuration.maximumConnections = 0
        let error = #expect(throws: PostgresError.self) { try PostgresPool(configuration) }
        #expect(error?.message.contains("maximumConnections is 0") == true)
        configuration.maximumConnections = 1
        configuration.poolTimeout = .zero
        #expect(throws: PostgresError.self) { try PostgresPool(configuration) }
    }

    @Test(
        "the words of a refused connection become a code",
        arguments: [
            (
                "connection to server at \"h\" (10.0.0.1), port 5432 failed: FATAL:  28P01: password authentication failed for user \"a\"\nLOCATION:  auth_failed, auth.c:334\n",
                PostgresError.Code.authenticationFailed
            ),
            ("connection to server failed: FATAL:  3D000: database \"x\" does not exist\n", .noSuchDatabase),
            ("connection to server failed: FATAL:  53300: sorry, too many clients already\n", .serverBusy),
            ("connection to server failed: FATAL:  57P03: the database system is starting up\n", .serverBusy),
            ("connection to server failed: Connection refused\n\tIs the server running?\n", .connectionFailed),
            ("could not translate host name \"h\" to address: Name or service not known\n", .connectionFailed),
        ])
    func refusals(text: String, code: PostgresError.Code) {
        #expect(PostgresError(connecting: text, to: "place").code == code)
    }

    @Test(
        "the server's codes say whether it is worth trying again",
        arguments: [
            ("40001", true), ("40P01", true), ("53100", true), ("57P03", true), ("08006", true), ("23505", false),
            ("42P01", false), ("28P01", false), ("22P02", false), ("3D000", false), ("XX000", false), ("42501", false),
        ])
    func retriable(state: String, isRetriable: Bool) {
        let error = PostgresError(sqlState: state, serverMessage: "words")
        #expect(error.isRetriable == isRetriable && error.sqlState == state)
        #expect(error.message.hasPrefix("words. "))
    }
}
