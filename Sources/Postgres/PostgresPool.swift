import Synchronization

/// A bounded pool of connections to one database.
///
/// Connections are opened when they are needed. Each has one thread while it works, and none while it is idle; no thread of
/// the concurrency runtime ever waits for the server. A connection that broke is opened anew by the next borrower's first
/// statement; the call that was on it has failed with a retriable ``PostgresError``.
public final class PostgresPool: Sendable {
    public let configuration: PostgresConfiguration
    private let machine: Mutex<PoolMachine<Link, CheckedContinuation<Link?, Never>>>
    private let nextWait = Atomic(0)

    /// Opens nothing yet.
    /// - Throws: ``PostgresError`` with code `.invalidConfiguration`.
    public init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        try configuration.validate()
        self.configuration = configuration
        machine = Mutex(PoolMachine(limit: configuration.maximumConnections))
    }

    /// Lends a connection to `body` and takes it back when `body` returns or throws.
    ///
    /// Waits while all are lent. What `body` leaves open (a transaction, a COPY) is taken back.
    /// - Throws: ``PostgresError``: `.poolBusy` if none becomes free in time, `.closed` after ``close()``.
    public func withConnection<Value>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        let link = try await take()
        let connection = PostgresConnection(link, statementTimeout: configuration.statementTimeout)
        do {
            let value = try await body(connection)
            await giveBack(link, connection)
            return value
        } catch {
            await giveBack(link, connection)
            throw error
        }
    }

    /// Closes all connections: the idle ones now, the others when they come back. Those who wait for one are refused.
    public func close() async {
        let (idle, waiters) = machine.withLock { $0.close() }
        for waiter in waiters { waiter.resume(returning: nil) }
        for link in idle { await link.close() }
    }

    /// How many connections are lent at the moment.
    package var lent: Int { machine.withLock { $0.lent } }

    private func take() async throws -> Link {
        try Task.checkCancellation()
        switch machine.withLock({ $0.take() }) {
        case .take(let link): return link
        case .make: return try make()
        case .closed: throw Self.closed
        case .wait: break
        }
        if let link = try await waitForOne() { return link }
        try Task.checkCancellation()
        if machine.withLock(\.isClosed) { throw Self.closed }
        throw PostgresError(
            .poolBusy,
            "All \(configuration.maximumConnections) connections to \(configuration.place) were in use for "
                + "\(configuration.poolTimeout). Try again, or allow more connections.")
    }

    private func make() throws(PostgresError) -> Link {
        do { return try Link(configuration) } catch {
            machine.withLock { $0.giveUp() }
            throw error
        }
    }

    private func waitForOne() async throws -> Link? {
        let id = nextWait.add(1, ordering: .relaxed).newValue
        defer { machine.withLock { $0.forgetWait(id: id) } }
        let taking = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: self.configuration.poolTimeout)
                // Also when it is cancelled: then the wait has ended, or has to.
                self.endWait(id)
            }
            defer { group.cancelAll() }
            return await untilLent(id)
        }
        switch taking {
        case .take(let link): return link
        case .make: return try make()
        case .wait, .closed: return nil
        }
    }

    private func untilLent(_ id: Int) async -> PoolMachine<Link, CheckedContinuation<Link?, Never>>.Taking {
        var mustMake = false
        let link = await withCheckedContinuation { (continuation: CheckedContinuation<Link?, Never>) in
            switch machine.withLock({ $0.wait(continuation, id: id) }) {
            case .wait: return
            case .take(let link): continuation.resume(returning: link)
            case .closed: continuation.resume(returning: nil)
            case .make:
                mustMake = true
                continuation.resume(returning: nil)
            }
        }
        if mustMake { return .make }
        return link.map { .take($0) } ?? .closed
    }

    private func endWait(_ id: Int) {
        machine.withLock { $0.endWait(id: id) }?.resume(returning: nil)
    }

    private func giveBack(_ link: Link, _ connection: PostgresConnection) async {
        await connection.end()
        switch machine.withLock({ $0.giveBack(link) }) {
        case .keep: return
        case .lend(let link, let waiter): waiter.resume(returning: link)
        case .close(let link): await link.close()
        }
    }

    private static let closed = PostgresError(.closed, "The pool of connections to PostgreSQL is closed.")
}
