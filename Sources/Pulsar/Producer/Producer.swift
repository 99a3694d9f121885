import NIOCore
import Synchronization

/// Publishes messages to a topic. Safe to use from many tasks at once; made by ``PulsarClient/producer(_:)``.
///
/// Messages of one task leave in its order, and arrive in it also when the connection is lost in between: what has no
/// receipt is sent again, in order.
public final class Producer: Sendable {
    private struct State {
        var sessions: [ProducerSession]
        var turn = 0
        var isClosed = false
    }

    public let topic: TopicName
    private let configuration: ProducerConfiguration
    private let context: ClientContext
    private let state: Mutex<State>
    private let ticking = Mutex<RepeatedTask?>(nil)

    init(
        topic: TopicName,
        configuration: ProducerConfiguration,
        context: ClientContext,
        sessions: [ProducerSession]
    ) {
        self.topic = topic
        self.configuration = configuration
        self.context = context
        state = Mutex(State(sessions: sessions))
        if let timeout = configuration.sendTimeout {
            let interval = TimeAmount(max(.milliseconds(5), min(.seconds(1), timeout / 10)))
            let task = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
                [weak self] task in
                guard let self else { return task.cancel() }
                for session in self.sessions { session.tick() }
            }
            ticking.withLock { $0 = task }
        }
    }

    private var sessions: [ProducerSession] { state.withLock { $0.sessions } }

    /// The name that the broker knows the producer by; of a partitioned topic, that of the first partition.
    public var name: String { sessions.first?.name ?? "" }

    /// The sequence id of the last message sent, or that the broker had of this name before; -1 if there is none.
    public var lastSequenceID: Int64 { sessions.map(\.lastSequenceID).max() ?? -1 }

    /// How many partitions there are; 1 for a topic without.
    public var partitionCount: Int { sessions.count }

    /// Publishes a message and returns its id once the broker has stored it.
    ///
    /// Waits while too many messages are on their way. Cancelled while it waits for that, the message is not sent;
    /// cancelled later, it may be.
    /// - Throws: ``PulsarError``; `CancellationError`.
    @discardableResult
    public func send(_ message: OutgoingMessage) async throws -> MessageID {
        try Task.checkCancellation()
        let call = SendCall()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                call.begin(continuation)
                let session = session(for: message)
                let id = session.send(TraceContext.injected(into: message)) { call.finish($0) }
                call.sent(to: session, as: id)
            }
        } onCancel: {
            call.cancel()
        }
    }

    /// Publishes a message without waiting for the receipt: returns once there is room for it on the way.
    ///
    /// - Parameter onReceipt: told of the message's id or its failure, on the client's event loop: must not block.
    /// - Throws: `CancellationError`, and then the message is not sent and `onReceipt` is told so too.
    public func enqueue(
        _ message: OutgoingMessage,
        onReceipt: @escaping @Sendable (Result<MessageID, any Error>) -> Void
    ) async throws {
        let session = session(for: message)
        let message = TraceContext.injected(into: message)
        if session.sendAtOnce(message, receipt: onReceipt) { return }
        let sent = Mutex<UInt64?>(nil)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let id = session.send(message, admission: continuation, receipt: onReceipt)
                sent.withLock { $0 = id }
                if Task.isCancelled { session.withdraw(id) }
            }
        } onCancel: {
            if let id = sent.withLock({ $0 }) { session.withdraw(id) }
        }
    }

    /// Sends what waits for company and returns when everything sent so far has its receipt or has failed.
    public func flush() async {
        for session in sessions { await session.drain() }
    }

    /// Waits for the receipts of what was sent, and leaves the topic.
    public func close() async {
        let sessions = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? [] : state.sessions
        }
        for session in sessions {
            await session.drain()
            await session.close()
        }
        ticking.withLock { $0?.cancel() }
    }

    private func session(for message: OutgoingMessage) -> ProducerSession {
        state.withLock { state in
            guard state.sessions.count > 1 else { return state.sessions[0] }
            if message.key == nil { state.turn &+= 1 }
            let partition = configuration.routing.partition(
                of: message, among: state.sessions.count, turn: state.turn & .max)
            return state.sessions[partition]
        }
    }

    // MARK: Partitions

    /// Looks from time to time whether the topic has grown. Runs until the producer is closed.
    func watchPartitions() async {
        while (try? await Task.sleep(for: context.configuration.discoveryInterval)) != nil {
            guard !state.withLock({ $0.isClosed }) else { return }
            guard let count = try? await context.lookup.partitions(of: topic), count > partitionCount else { continue }
            for number in partitionCount..<count {
                let session = ProducerSession(
                    topic: topic.partition(number), configuration: configuration, context: context)
                // The next look tries again what could not be attached.
                guard (try? await session.attach()) != nil else { break }
                state.withLock { $0.sessions.append(session) }
            }
        }
    }
}
