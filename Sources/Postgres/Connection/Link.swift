import CPostgres
import FoundationEssentials

/// A connection's place in the pool: opens the session when it is needed, and anew when it has ended.
actor Link {
    private let configuration: PostgresConfiguration
    private let thread = ConnectionThread()
    nonisolated let wake: WakeSignal
    private var session: Session?

    init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        self.configuration = configuration
        wake = try WakeSignal()
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// What a call gave, and whether the connection is inside a transaction now.
    struct Reply<Value: Sendable>: Sendable {
        let value: Value
        let isIdle: Bool
    }

    func run(_ statement: Statement, isFirst: Bool, _ call: Call) throws -> Reply<PostgresResult> {
        try using(isFirst, call) { try $0.run(statement, call) }
    }

    func run(script: String, isFirst: Bool, _ call: Call) throws -> Reply<Void> {
        try using(isFirst, call) { try $0.run(script: script, call) }
    }

    func beginCopyOut(_ statement: String, isFirst: Bool, _ call: Call) throws -> Reply<Void> {
        try using(isFirst, call) { try $0.beginCopy(statement, PGRES_COPY_OUT, call) }
    }

    func nextCopied(_ call: Call) throws -> Reply<Data?> { try using(false, call) { try $0.nextCopied(call) } }

    func beginCopyIn(_ statement: String, isFirst: Bool, _ call: Call) throws -> Reply<Void> {
        try using(isFirst, call) { try $0.beginCopy(statement, PGRES_COPY_IN, call) }
    }

    func putCopied(_ data: Data, _ call: Call) throws -> Reply<Void> {
        try using(false, call) { try $0.putCopied(data, call) }
    }

    func endCopyIn(failure: String?, _ call: Call) throws -> Reply<Int> {
        try using(false, call) { try $0.endCopyIn(failure: failure, call) }
    }

    /// Makes sure that nothing of the last borrower is left: takes an open transaction back, or throws the session away.
    func settle() {
        guard let session else { return }
        session.stopServer()
        let call = Call(timeout: .seconds(5))
        if !session.isIdle, !session.isBroken { try? session.run(script: "ROLLBACK", call) }
        if !session.isIdle { self.session = nil }
    }

    func close() { session = nil }

    /// - Parameter isFirst: whether nothing was sent since the connection was lent, so that a fresh session is as good.
    private func using<Value: Sendable>(
        _ isFirst: Bool,
        _ call: Call,
        _ body: (Session) throws -> Value
    ) throws -> Reply<Value> {
        let session = try isFirst ? usableSession(call) : self.session.orThrow(.lost(configuration.place))
        do {
            let value = try body(session)
            if session.isBroken { self.session = nil }
            return Reply(value: value, isIdle: session.isIdle)
        } catch {
            if session.isBroken { self.session = nil }
            throw error
        }
    }

    private func usableSession(_ call: Call) throws -> Session {
        if let session, session.isAlive() { return session }
        session = nil
        do {
            // Who waits for less than this gives up earlier.
            _ = try call.remainingMilliseconds()
            let opening = Call(timeout: configuration.connectTimeout, within: call)
            let opened = try Session.open(configuration, wake: wake, opening)
            session = opened
            return opened
        } catch Call.Stop.cancelled {
            throw CancellationError()
        } catch Call.Stop.timedOut {
            throw PostgresError(
                .connectionFailed, "\(configuration.place) did not answer in time. Check that the server runs there.")
        }
    }
}

extension Optional {
    fileprivate func orThrow(_ error: @autoclosure () -> PostgresError) throws(PostgresError) -> Wrapped {
        guard let self else { throw error() }
        return self
    }
}
