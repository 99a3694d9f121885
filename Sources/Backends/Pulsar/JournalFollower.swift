import Hearth
import Logging
import Pulsar
import Synchronization

/// Reads a journal as it grows, and wakes whoever waits for something to be in it.
final class JournalFollower: Sendable {
    private struct Waiter {
        /// What to do once the journal says what is waited for; `nil` if it does not yet.
        let check: @Sendable (State) -> (@Sendable () -> Void)?
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var journal = TaskJournal()
        var reader: Reader?
        var nextID = 0
        var waiters: [Int: Waiter] = [:]
        /// Those who gave up before they began to wait.
        var late: Set<Int> = []
        var isClosed = false
    }

    private let topic: String
    private let logger: Logger
    private let state = Mutex(State())

    init(topic: String, logger: Logger) {
        self.topic = topic
        self.logger = logger
    }

    /// Reads until cancelled.
    ///
    /// - Parameter observe: told of every record that is new.
    func run(_ client: PulsarClient, observe: @escaping @Sendable (JournalRecord) -> Void) async {
        defer { close() }
        var failures = 0
        while !Task.isCancelled {
            do {
                try await follow(client, observe: observe)
                return
            } catch {
                guard !Task.isCancelled else { return }
                failures = min(failures + 1, 5)
                logger.warning("cannot read the journal", metadata: ["topic": "\(topic)", "error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(100) * (1 << failures))
            }
        }
    }

    private func follow(_ client: PulsarClient, observe: @Sendable (JournalRecord) -> Void) async throws {
        let place = state.withLock { $0.journal.position }
        var configuration = ReaderConfiguration(topic: topic, start: place.map { .after($0.messageID) } ?? .earliest)
        configuration.readsCompacted = true
        let reader = try await client.reader(configuration)
        state.withLock { $0.reader = reader }
        wake()
        do {
            for try await message in reader { read(message, observe: observe) }
        } catch {
            state.withLock { $0.reader = nil }
            await reader.close()
            throw error
        }
    }

    private func read(_ message: Pulsar.Message, observe: @Sendable (JournalRecord) -> Void) {
        do {
            let record = try JournalRecord(message)
            let isNew = state.withLock { state in
                let before = state.journal.position
                state.journal.fold(record, at: JournalPosition(message.id))
                return state.journal.position != before
            }
            if isNew { observe(record) }
        } catch {
            // The journal of another version, or not a journal: the tasks that can be read go on.
            logger.error("skipped a record of the journal", metadata: ["error": "\(error)"])
        }
        wake()
    }

    private func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.fail(TaskBusError.closed) }
    }

    /// Asks the journal.
    func view<Result>(_ body: (TaskJournal) -> Result) -> Result { state.withLock { body($0.journal) } }

    /// Lets everybody who waits look again: time has passed, or something besides the journal has changed.
    func wake() {
        let ready = state.withLock { state in
            var ready: [@Sendable () -> Void] = []
            for (id, waiter) in state.waiters {
                guard let resume = waiter.check(state) else { continue }
                state.waiters[id] = nil
                ready.append(resume)
            }
            return ready
        }
        for resume in ready { resume() }
    }

    /// Waits until `body` finds in the journal what it looks for. It is called under a lock: it must be short and must not
    /// come back here.
    ///
    /// - Throws: ``TaskBusError`` with code `closed`; `CancellationError`.
    func wait<Value: Sendable>(until body: @escaping @Sendable (TaskJournal) -> Value?) async throws -> Value {
        try await sleep { body($0.journal) }
    }

    private func sleep<Value: Sendable>(until body: @escaping @Sendable (State) -> Value?) async throws -> Value {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        defer { state.withLock { _ = $0.late.remove(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                let outcome = state.withLock { state -> Result<Value, any Error>? in
                    if state.late.contains(id) { return .failure(CancellationError()) }
                    if state.isClosed { return .failure(TaskBusError.closed) }
                    if let value = body(state) { return .success(value) }
                    state.waiters[id] = Waiter(
                        check: { state in
                            guard let value = body(state) else { return nil }
                            return { continuation.resume(returning: value) }
                        },
                        fail: { continuation.resume(throwing: $0) })
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.late.insert(id) }
                return waiter
            }
            waiter?.fail(CancellationError())
        }
    }

    /// As ``wait(until:)``, for so long at most.
    ///
    /// - Returns: `nil` if the time is over.
    func wait<Value: Sendable>(
        atMost limit: Duration,
        until body: @escaping @Sendable (TaskJournal) -> Value?
    ) async throws -> Value? {
        try await within(limit) { try await self.wait(until: body) }
    }

    /// Waits until everything is read that was written before the call.
    ///
    /// - Parameter mark: writes a record that changes nothing, for brokers that do not tell where an empty topic ends.
    /// - Throws: ``TaskBusError`` with code `unreachable` after `limit`; `CancellationError`.
    func catchUp(
        within limit: Duration,
        mark: @escaping @Sendable () async throws -> JournalPosition?
    ) async throws {
        guard try await within(limit, { try await self.readAll(mark: mark) }) != nil else {
            throw TaskBusError(
                .unreachable,
                "The journal \(topic) could not be read within \(limit). See that the broker at pulsar.url runs.")
        }
    }

    private func readAll(mark: @Sendable () async throws -> JournalPosition?) async throws {
        while true {
            // There is none before the first connection, and while a lost one is made again.
            let reader = try await sleep { $0.reader }
            let end: JournalPosition?
            do {
                let last = try await reader.lastMessageIDs().values.first
                end = last.flatMap { $0.isStored ? JournalPosition($0) : nil }
            } catch let error as PulsarError where error.code == .brokerFailure && view({ $0.position == nil }) {
                end = try await mark()
            } catch let error as PulsarError where error.isRetriable {
                try await Task.sleep(for: .milliseconds(50))
                continue
            } catch let error as PulsarError {
                throw TaskBusError(error)
            }
            guard let end else { return }
            return try await wait { journal in journal.position.map { $0 >= end } == true ? () : nil }
        }
    }
}
