public import FoundationEssentials
import Synchronization

/// A connection, lent by a pool for the length of a scope. One statement at a time.
///
/// Every call waits at most `timeout` (by default ``PostgresConfiguration/statementTimeout``) and ends early, with a
/// `CancellationError`, if its task is cancelled: the server is told to stop, and the connection can be used again.
/// Calls throw ``PostgresError``; one whose connection breaks throws a retriable one.
public final class PostgresConnection: Sendable {
    private struct State {
        var isFirst = true
        var hasEnded = false
        /// Whether something may be left behind: a transaction, a half-done COPY, a broken session.
        var mustSettle = false
    }

    private let link: Link
    private let statementTimeout: Duration
    private let state = Mutex(State())

    init(_ link: Link, statementTimeout: Duration) {
        self.link = link
        self.statementTimeout = statementTimeout
    }

    /// The rows that the statement gives. It is prepared once and then known to the connection.
    ///
    /// - Parameter parameters: what stands for `$1`, `$2`, ….
    public func query(
        _ sql: String,
        _ parameters: [any PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws -> [PostgresRow] {
        try await result(sql, parameters, timeout: timeout).rows
    }

    /// Runs the statement and returns how many rows it wrote.
    @discardableResult
    public func execute(
        _ sql: String,
        _ parameters: [any PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws -> Int {
        try await result(sql, parameters, timeout: timeout).count
    }

    /// Runs statements without parameters, in one transaction unless they say otherwise.
    public func run(script: String, timeout: Duration? = nil) async throws {
        try await call(timeout) { try await $0.run(script: script, isFirst: $1, $2) }
    }

    /// Runs `COPY … TO STDOUT` and lends its rows to `body`, as fast as that reads them. Who stops reading early stops the
    /// server too.
    ///
    /// - Parameter timeout: for the statement, and again for every wait for rows.
    public func copyOut<Value>(
        _ statement: String,
        timeout: Duration? = nil,
        _ body: (PostgresCopiedRows) async throws -> Value
    ) async throws -> Value {
        try await call(timeout) { try await $0.beginCopyOut(statement, isFirst: $1, $2) }
        state.withLock { $0.mustSettle = true }
        let rows = PostgresCopiedRows(connection: self, timeout: timeout)
        do {
            let value = try await body(rows)
            await settle()
            return value
        } catch {
            await settle()
            throw error
        }
    }

    /// Runs `COPY … FROM STDIN` with the pieces of `source`, which may end anywhere in a row, and returns how many rows there
    /// are more. Takes the next piece when the server has taken the one before. An error of `source` takes all back and is
    /// thrown again.
    public func copyIn<Source: AsyncSequence>(
        _ statement: String,
        from source: Source,
        timeout: Duration? = nil
    ) async throws -> Int where Source.Element == Data {
        try await call(timeout) { try await $0.beginCopyIn(statement, isFirst: $1, $2) }
        do {
            for try await piece in source {
                try await call(timeout) { link, _, call in try await link.putCopied(piece, call) }
            }
        } catch {
            state.withLock { $0.mustSettle = true }
            await settle()
            throw error
        }
        return try await call(timeout) { link, _, call in try await link.endCopyIn(failure: nil, call) }
    }

    func nextCopied(timeout: Duration?) async throws -> Data? {
        try await call(timeout) { link, _, call in try await link.nextCopied(call) }
    }

    func result(_ sql: String, _ parameters: [any PostgresValue], timeout: Duration?) async throws -> PostgresResult {
        let statement = try Statement(sql, parameters)
        return try await call(timeout) { try await $0.run(statement, isFirst: $1, $2) }
    }

    /// Runs what a transaction ends with, also for a task that is cancelled: nothing is left half done.
    func conclude(_ sql: String) async throws -> PostgresResult {
        let statement = try Statement(sql, [])
        return try await call(nil, isCancellable: false) { try await $0.run(statement, isFirst: $1, $2) }
    }

    /// Ends the scope: what comes later through this value is refused.
    func end() async {
        let mustSettle = state.withLock { state in
            state.hasEnded = true
            return state.mustSettle
        }
        if mustSettle { await link.settle() }
    }

    private func settle() async {
        await link.settle()
        state.withLock { $0.mustSettle = false }
    }

    private func call<Value: Sendable>(
        _ timeout: Duration?,
        isCancellable: Bool = true,
        _ body: (Link, Bool, Call) async throws -> Link.Reply<Value>
    ) async throws -> Value {
        let isFirst = try state.withLock { state in
            guard !state.hasEnded else {
                throw PostgresError(
                    .closed, "A connection was used after its scope. Keep it inside of withConnection's body.")
            }
            defer { state.isFirst = false }
            return state.isFirst
        }
        let call = Call(timeout: timeout ?? statementTimeout, wake: link.wake)
        do {
            let reply =
                if isCancellable {
                    try await withTaskCancellationHandler {
                        try await body(link, isFirst, call)
                    } onCancel: {
                        call.cancel()
                    }
                } else {
                    try await body(link, isFirst, call)
                }
            state.withLock { $0.mustSettle = !reply.isIdle }
            return reply.value
        } catch {
            state.withLock { $0.mustSettle = true }
            throw error
        }
    }
}
