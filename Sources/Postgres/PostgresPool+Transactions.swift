/// What a transaction sees of the others.
public enum PostgresIsolation: String, Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted = "READ COMMITTED"
    /// All statements see what was committed before the first.
    case repeatableRead = "REPEATABLE READ"
    /// As if the transactions ran one after the other.
    case serializable = "SERIALIZABLE"
}

extension PostgresPool {
    /// Runs `body` inside a transaction, which is committed when it returns and taken back when it throws.
    ///
    /// If other transactions are in its way (40001, 40P01) all of `body` is run again, up to
    /// ``PostgresConfiguration/transactionAttempts`` times: let it change nothing but the database. The commit itself is not
    /// cancelled. If the connection is lost meanwhile, whether it was committed is not known.
    public func withTransaction<Value>(
        isolation: PostgresIsolation = .readCommitted,
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await withConnection { connection in
                    _ = try await connection.execute("BEGIN ISOLATION LEVEL \(isolation.rawValue)")
                    let value: Value
                    do { value = try await body(connection) } catch {
                        // A connection that cannot do it is thrown away when it is given back.
                        _ = try? await connection.conclude("ROLLBACK")
                        throw error
                    }
                    guard try await connection.conclude("COMMIT").tag == "COMMIT" else {
                        throw PostgresError(
                            .statementFailed,
                            "The transaction was taken back: a statement in it failed. Throw the error of that statement."
                        )
                    }
                    return value
                }
            } catch let error as PostgresError where error.isTransactionConflict {
                guard attempt < configuration.transactionAttempts else { throw error }
                // Two that met must not meet again.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...(4 << min(attempt, 6)))))
                attempt += 1
            }
        }
    }

    /// The rows that one statement gives, in a transaction of its own.
    public func query(
        _ sql: String,
        _ parameters: [any PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws -> [PostgresRow] {
        try await withConnection { try await $0.query(sql, parameters, timeout: timeout) }
    }

    /// Runs one statement, in a transaction of its own, and returns how many rows it wrote.
    @discardableResult
    public func execute(
        _ sql: String,
        _ parameters: [any PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws -> Int {
        try await withConnection { try await $0.execute(sql, parameters, timeout: timeout) }
    }
}
