import CoreMetrics
import Logging
import NIOCore
import Synchronization

/// Receives messages of a subscription. Made by ``PulsarClient/consumer(_:)``.
///
/// A sequence of messages with demand: the broker sends no more than the queue holds, and with a queue of 0 no more than
/// are waited for. What is received must be acknowledged, or it is delivered again.
public final class Consumer: Sendable {
    struct State {
        var machine: ConsumerMachine<ReceiveCall>
        var sessions: [SourceID: ConsumerSession] = [:]
        var timer: AcknowledgementTimer?
        /// Messages that go to the dead letters when they fail once more.
        var lastChances: [AcknowledgementTimer.Item: [Message]] = [:]
        var nextSource = 0
        var nextCall: UInt64 = 0
        var isClosed = false
    }

    public let subscription: String
    let configuration: ConsumerConfiguration
    let context: ClientContext
    let deadLetterOffice: DeadLetterOffice?
    let metrics: ConsumerMetrics
    let state: Mutex<State>
    private let name: String
    private let ticking = Mutex<RepeatedTask?>(nil)

    init(configuration: ConsumerConfiguration, context: ClientContext, deadLetterOffice: DeadLetterOffice?) {
        self.configuration = configuration
        self.context = context
        self.deadLetterOffice = deadLetterOffice
        subscription = configuration.subscription
        name = configuration.name ?? String(UInt32.random(in: 0...UInt32.max), radix: 16)
        metrics = ConsumerMetrics(subscription: configuration.subscription)
        var state = State(
            machine: ConsumerMachine(
                queueSize: configuration.receiverQueueSize, returnsSurplus: configuration.type.isShared))
        state.timer = configuration.acknowledgementTimeout.map { AcknowledgementTimer(timeout: TimeAmount($0)) }
        self.state = Mutex(state)
        startTicking()
    }

    private func startTicking() {
        let limit = configuration.acknowledgementTimeout.map { $0 / 4 } ?? .seconds(1)
        let interval = TimeAmount(Swift.max(.milliseconds(10), Swift.min(.seconds(1), limit)))
        let task = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] task in
            guard let self else { return task.cancel() }
            tick()
        }
        ticking.withLock { $0 = task }
    }

    /// The topics and partitions that are received at the moment, by their full names.
    public var topics: [String] { sessions.map(\.topic.description).sorted() }

    /// Whether a failover subscription delivers to this consumer, for one of its topics at least.
    public var isActive: Bool { sessions.contains(where: \.isActive) }

    /// Messages that were fetched and wait here.
    public var queuedMessages: Int { state.withLock { $0.machine.queuedMessages } }

    var sessions: [ConsumerSession] { state.withLock { Array($0.sessions.values) } }

    // MARK: Receiving

    /// Waits for a message and takes it. Cancelled, it takes none.
    ///
    /// - Throws: ``PulsarError`` with code `closed` or `topicTerminated`, or what the broker refused for good;
    ///   `CancellationError`.
    public func receive() async throws -> Message {
        try Task.checkCancellation()
        let call = ReceiveCall()
        let number = Mutex<UInt64?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                call.begin(continuation)
                let id = perform { state in
                    state.nextCall += 1
                    return (state.nextCall, state.machine.receive(id: state.nextCall, waiter: call))
                }
                number.withLock { $0 = id }
                if Task.isCancelled { withdraw(id) }
            }
        } onCancel: {
            if let id = number.withLock({ $0 }) { withdraw(id) }
        }
    }

    /// As ``receive()``, but gives up after `timeout`.
    ///
    /// - Returns: `nil` if there was none in time.
    public func receive(timeout: Duration) async throws -> Message? {
        try await withThrowingTaskGroup(of: Message?.self) { group in
            group.addTask { try await self.receive() }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            var message: Message?
            defer { group.cancelAll() }
            message = try await group.next() ?? nil
            guard message == nil else { return message }
            group.cancelAll()
            // The message may have come while the time ran out: then it was taken.
            do {
                return try await group.next() ?? nil
            } catch is CancellationError {
                try Task.checkCancellation()
                return nil
            }
        }
    }

    private func withdraw(_ id: UInt64) {
        state.withLock { $0.machine.withdraw(id) }?.finish(.failure(CancellationError()))
    }

    // MARK: Effects

    /// Changes the machine and does what follows from it.
    @discardableResult
    func perform<Result: Sendable>(
        _ body: @Sendable (inout State) -> (Result, ConsumerMachine<ReceiveCall>.Effects)
    ) -> Result {
        let (result, effects) = state.withLock { state in
            let (result, effects) = body(&state)
            for (_, message) in effects.deliveries { state.handOut(message) }
            // Under the lock: a grant must not overtake a later one, or the broker be granted for a state that is gone.
            for (source, permits) in effects.flows { state.sessions[source]?.grant(permits) }
            return (result, effects)
        }
        for (call, message) in effects.deliveries {
            metrics.received.increment()
            call.finish(.success(message))
        }
        for (call, error) in effects.failures { call.finish(.failure(error)) }
        for message in effects.returned { session(of: message)?.redeliver([message.id.entry]) }
        return result
    }

    func perform(_ body: @Sendable (inout State) -> ConsumerMachine<ReceiveCall>.Effects) {
        perform { ((), body(&$0)) }
    }

    func session(of message: Message) -> ConsumerSession? { state.withLock { $0.sessions[message.source] } }

    // MARK: Sources

    /// Adds a topic or partition and subscribes to it.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func add(_ topic: TopicName) async throws {
        let owner = ConsumerSession.Owner(
            attached: { [weak self] source in self?.perform { $0.machine.attached(source) } },
            detached: { [weak self] source in
                self?.state.withLock { state in
                    state.machine.detached(source)
                    state.timer?.forget(source)
                }
            },
            arrived: { [weak self] source, messages, permits in self?.arrived(source, messages, permits) },
            ended: { [weak self] source in self?.perform { $0.machine.ended(source) } },
            failed: { [weak self] _, error in self?.perform { $0.machine.fail(error) } })
        let session = state.withLock { state in
            state.nextSource += 1
            let session = ConsumerSession(
                topic: topic, source: SourceID(rawValue: state.nextSource), name: name, configuration: configuration,
                context: context, owner: owner)
            state.sessions[session.source] = session
            return session
        }
        do {
            try await session.attach()
        } catch {
            state.withLock { _ = $0.sessions.removeValue(forKey: session.source) }
            throw error
        }
    }

    /// Leaves a topic that is no more.
    func remove(_ session: ConsumerSession) async {
        state.withLock { state in
            state.sessions[session.source] = nil
            state.machine.removed(session.source)
        }
        await session.close()
    }

    private func arrived(_ source: SourceID, _ messages: [Message], _ permits: Int) {
        guard let policy = configuration.deadLetters else {
            return perform { $0.machine.arrived(messages, from: source, permits: permits) }
        }
        let exhausted = messages.filter { $0.redeliveryCount > policy.maximumRedeliveries }
        for message in exhausted { setAside(message) }
        let wanted = messages.filter { $0.redeliveryCount <= policy.maximumRedeliveries }
        perform { $0.machine.arrived(wanted, from: source, permits: permits) }
    }

    private func tick() {
        let now = NIODeadline.now()
        let (sessions, overdue) = state.withLock { state in
            (state.sessions, state.timer?.expire(now: now) ?? [])
        }
        for session in sessions.values { session.tick(now: now) }
        guard !overdue.isEmpty else { return }
        for (source, items) in Dictionary(grouping: overdue, by: \.source) {
            fail(items, of: source)
        }
    }

    // MARK: End

    /// Leaves; the broker gives what was not acknowledged to others. Whoever still waits gets an error.
    public func close() async {
        let sessions = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? [] : Array(state.sessions.values)
        }
        perform { $0.machine.fail(PulsarError(.closed, "The consumer was closed.")) }
        ticking.withLock { $0?.cancel() }
        await withDiscardingTaskGroup { group in
            for session in sessions { group.addTask { await session.close() } }
        }
        await deadLetterOffice?.close()
    }
}

extension Consumer.State {
    /// Notes that the application has a message.
    mutating func handOut(_ message: Message) {
        let item = AcknowledgementTimer.Item(source: message.source, entry: message.id.entry)
        timer?.handedOut(item, now: .now())
        sessions[message.source]?.handedOut(message.id)
        if let policy = sessions[message.source]?.deadLetters, message.redeliveryCount >= policy.maximumRedeliveries {
            lastChances[item, default: []].append(message)
        }
    }
}

extension Consumer: AsyncSequence {
    public struct Iterator: AsyncIteratorProtocol {
        let consumer: Consumer

        /// The next message; `nil` once the consumer was closed or the topic has ended.
        ///
        /// - Throws: as ``Consumer/receive()``.
        public func next() async throws -> Message? {
            do {
                return try await consumer.receive()
            } catch let error as PulsarError where error.code == .closed || error.code == .topicTerminated {
                return nil
            }
        }
    }

    /// Several may be iterated at once: each message goes to one of them.
    public func makeAsyncIterator() -> Iterator { Iterator(consumer: self) }
}
