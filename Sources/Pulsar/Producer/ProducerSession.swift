import Logging
import NIOCore
import Synchronization

/// Publishes to one topic without partitions, or to one partition: the machine, and its connection of the moment.
final class ProducerSession: ConnectionEndpoint {
    typealias Receipt = @Sendable (Result<MessageID, any Error>) -> Void

    /// Who is told of a message's fate. A generic machine would wrap a bare closure anew each time that it takes or
    /// gives it.
    private struct Recipient: Sendable { let tell: Receipt }

    private typealias Machine = ProducerMachine<Recipient>

    private struct State {
        var machine: Machine
        /// Empty; keeps its memory from message to message.
        var effects = Machine.Effects()
        var connection: Connection?
        var name: String?
        var epoch: UInt64 = 0
        var topicEpoch: UInt64?
        var isMaintained = false
        var isClosed = false
        /// Where the broker said that the topic went.
        var assignedURL: String?
        var nextSendID: UInt64 = 0
        /// Those who wait for their message to be let in, by its id.
        var admissions: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        /// Those who wait for everything to be confirmed.
        var drains: [CheckedContinuation<Void, Never>] = []

        /// A frame with nothing before it is waited for, and leaves at once; what is many leaves together.
        func write(_ frames: [EntryFrame]) {
            guard let connection, let last = frames.last else { return }
            if machine.isAlone { connection.writeAtOnce(last.bytes) } else { connection.write(frames) }
        }
    }

    let topic: TopicName
    private let id: UInt64
    private let configuration: ProducerConfiguration
    private let context: ClientContext
    private let metrics: ProducerMetrics
    private let logger: Logger
    private let state: Mutex<State>

    init(topic: TopicName, configuration: ProducerConfiguration, context: ClientContext) {
        self.topic = topic
        self.configuration = configuration
        self.context = context
        id = context.nextID()
        metrics = ProducerMetrics(topic: topic)
        var logger = context.logger
        logger[metadataKey: "pulsar_topic"] = "\(topic)"
        logger[metadataKey: "pulsar_producer"] = "\(id)"
        self.logger = logger
        let writer = EntryWriter(
            producerID: id, producerName: configuration.name ?? "", compression: configuration.compression,
            allowsChunking: configuration.allowsChunking,
            maximumMessageSize: FrameFormat.defaultMaximumMessageSize)
        let limits = Machine.Limits(
            batching: configuration.batching, maximumPendingMessages: configuration.maximumPendingMessages,
            maximumPendingBytes: configuration.maximumPendingBytes)
        state = Mutex(
            State(
                machine: ProducerMachine(
                    limits: limits, writer: writer, partition: topic.partition.map(Int32.init) ?? -1)))
    }

    var name: String { state.withLock { $0.name ?? "" } }
    var lastSequenceID: Int64 { state.withLock { $0.machine.lastUsedSequenceID } }

    // MARK: Sending

    /// Takes a message; `receipt` is told of its fate.
    ///
    /// - Parameter admission: resumed once the message does not wait for room any more.
    /// - Returns: what ``withdraw(_:)`` names it by while it waits for room.
    @discardableResult
    func send(
        _ message: OutgoingMessage,
        admission: CheckedContinuation<Void, any Error>? = nil,
        receipt: @escaping Receipt
    ) -> UInt64 {
        let deadline = configuration.sendTimeout.map { NIODeadline.now() + TimeAmount($0) }
        let (id, effects) = perform { state in
            state.nextSendID += 1
            let id = state.nextSendID
            if let admission { state.admissions[id] = admission }
            return (
                id,
                state.machine.send(
                    message, id: id, receipt: Recipient(tell: receipt), deadline: deadline,
                    time: WallClock.milliseconds)
            )
        }
        finish(effects)
        return id
    }

    /// Takes a message if there is room for it; `receipt` is told of its fate then.
    func sendAtOnce(_ message: OutgoingMessage, receipt: @escaping Receipt) -> Bool {
        let deadline = configuration.sendTimeout.map { NIODeadline.now() + TimeAmount($0) }
        let time = WallClock.milliseconds
        let (isTaken, effects) = state.withLock { state -> (Bool, Machine.Effects?) in
            guard state.machine.takesAtOnce(message) else { return (false, nil) }
            state.machine.send(
                message, id: 0, receipt: Recipient(tell: receipt), deadline: deadline, time: time, &state.effects)
            state.write(state.effects.frames)
            state.effects.frames.removeAll(keepingCapacity: true)
            state.effects.admitted.removeAll(keepingCapacity: true)
            guard !state.effects.isEmpty else { return (true, nil) }
            defer { state.effects = Machine.Effects() }
            return (true, state.effects)
        }
        if let effects { finish(effects) }
        return isTaken
    }

    /// Takes a message back that still waits for room.
    func withdraw(_ id: UInt64) {
        let withdrawn = state.withLock { state -> (Receipt, CheckedContinuation<Void, any Error>?)? in
            guard let recipient = state.machine.withdraw(id) else { return nil }
            return (recipient.tell, state.admissions.removeValue(forKey: id))
        }
        guard let (receipt, admission) = withdrawn else { return }
        receipt(.failure(CancellationError()))
        admission?.resume(throwing: CancellationError())
    }

    /// Sends what waits for company and returns when everything sent so far has its receipt or has failed.
    func drain() async {
        flush()
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if !state.machine.isIdle { state.drains.append(continuation) }
                return state.machine.isIdle
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Sends what waits for company.
    func flush() { act { $0.machine.flush(time: WallClock.milliseconds) } }

    // MARK: Effects

    /// Changes the machine, and writes its frames before anybody else can change it: their order is the messages'.
    private func perform<Result: Sendable>(
        _ body: @Sendable (inout State) -> (Result, Machine.Effects)
    ) -> (Result, Machine.Effects) {
        state.withLock { state in
            let (result, effects) = body(&state)
            state.write(effects.frames)
            return (result, effects)
        }
    }

    private func act(_ body: @Sendable (inout State) -> Machine.Effects) {
        finish(perform { ((), body(&$0)) }.1)
    }

    private func finish(_ effects: Machine.Effects) {
        metrics.finished(effects.outcomes.lazy.map(\.1))
        for (recipient, result) in effects.outcomes { recipient.tell(result.mapError { $0 }) }
        resumeWaiting(effects)
        if let delay = effects.flushAfter {
            context.eventLoop.scheduleTask(in: TimeAmount(delay)) { [weak self] in self?.flush() }
        }
        if let error = effects.reconnect {
            logger.warning("reconnecting", metadata: ["pulsar_error": "\(error)"])
            state.withLock { $0.connection }?.close(error)
        }
    }

    private func resumeWaiting(_ effects: Machine.Effects) {
        guard !effects.admitted.isEmpty || !effects.outcomes.isEmpty else { return }
        let (admissions, drains) = state.withLock { state in
            let admissions = effects.admitted.compactMap { state.admissions.removeValue(forKey: $0) }
            guard state.machine.isIdle else { return (admissions, [CheckedContinuation<Void, Never>]()) }
            defer { state.drains = [] }
            return (admissions, state.drains)
        }
        for admission in admissions { admission.resume() }
        for drain in drains { drain.resume() }
    }

    // MARK: Connection

    /// Registers with the broker that serves the topic.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func attach() async throws {
        let assigned = state.withLock { state in
            defer { state.assignedURL = nil }
            return state.assignedURL
        }
        let connection = try await context.lookup.connection(serving: topic, assigned: assigned)
        guard connection.register(producer: id, self) else {
            throw PulsarError(.connectionLost, "The connection to \(connection.address) ended at once.")
        }
        do {
            try await register(on: connection)
        } catch {
            connection.remove(producer: id)
            sayGoodbye(to: connection)
            throw error
        }
    }

    private func register(on connection: Connection) async throws {
        let command = state.withLock { producerCommand(&$0) }
        let reply = try await connection.request(.operation, timeout: context.configuration.operationTimeout) { id in
            var command = command
            command.requestID = id
            return .producer(command)
        }
        guard case .producer(let success) = reply, let peer = connection.peer else {
            throw PulsarError(.connectionLost, "The connection to \(connection.address) ended at once.")
        }
        guard !state.withLock({ $0.isClosed }) else { throw PulsarError(.closed, "The producer was closed.") }
        act { state in
            state.connection = connection
            state.name = success.producerName
            if success.hasTopicEpoch { state.topicEpoch = success.topicEpoch }
            return state.machine.attached(
                name: success.producerName, lastSequenceID: success.lastSequenceID,
                maximumMessageSize: peer.maximumMessageSize, time: WallClock.milliseconds)
        }
        // It may have ended between the answer and the line above.
        if !connection.isReady {
            connectionClosed(connection, PulsarError(.connectionLost, "The connection ended."))
        }
        logger.debug("attached", metadata: ["pulsar_address": "\(connection.address)"])
    }

    private func producerCommand(_ state: inout State) -> WireProducer {
        var command = WireProducer()
        command.topic = topic.description
        command.producerID = id
        command.encrypted = false
        command.epoch = state.epoch
        state.epoch += 1
        // A name that the broker gave is told again, so that it knows the producer after a reconnect.
        if let name = configuration.name ?? state.name { command.producerName = name }
        command.userProvidedProducerName = configuration.name != nil
        command.producerAccessMode = configuration.accessMode.wire
        if let topicEpoch = state.topicEpoch { command.topicEpoch = topicEpoch }
        if let subscription = configuration.initialSubscription { command.initialSubscriptionName = subscription }
        command.metadata = configuration.metadata.wire
        return command
    }

    func connectionClosed(_ connection: Connection, _ error: PulsarError) {
        guard error.code != .closed else { return fail(error) }
        detach(from: connection, movedTo: nil, reason: "\(error)")
    }

    private func detach(from connection: Connection, movedTo url: String?, reason: String) {
        let maintains = state.withLock { state in
            guard state.connection === connection else { return false }
            state.connection = nil
            state.machine.detached()
            state.assignedURL = url
            guard !state.isClosed, !state.isMaintained else { return false }
            state.isMaintained = true
            return true
        }
        guard maintains else { return }
        guard context.jobs.add({ [weak self] in await self?.maintain() }) else {
            return fail(PulsarError(.closed, "The client was closed."))
        }
        logger.info("reconnecting", metadata: ["pulsar_error": "\(reason)"])
        metrics.reconnected()
    }

    /// Attaches again, for as long as it takes.
    private func maintain() async {
        do {
            try await context.retrying("attach producer", within: nil) { [weak self] in try await self?.attach() }
        } catch let error as PulsarError {
            logger.error("cannot go on", metadata: ["pulsar_error": "\(error)"])
            fail(error)
        } catch {
            fail(PulsarError(.closed, "The client was closed."))
        }
        let lost = state.withLock { state in
            state.isMaintained = false
            return state.connection == nil && !state.isClosed && state.machine.isAlive
        }
        if lost { resumeMaintenance() }
    }

    /// For a connection that ended while the attempt before was being finished.
    private func resumeMaintenance() {
        let maintains = state.withLock { state in
            guard !state.isMaintained else { return false }
            state.isMaintained = true
            return true
        }
        if maintains { context.jobs.add { [weak self] in await self?.maintain() } }
    }

    func received(_ part: WireCommand.OneOf_Part, on connection: Connection) {
        switch part {
        case .sendError(let error): act { $0.machine.received(error: error, time: WallClock.milliseconds) }
        case .closeProducer(let close):
            let url =
                context.configuration.serviceURL.usesTLS
                ? close.assignedBrokerServiceURLTls : close.assignedBrokerServiceURL
            detach(from: connection, movedTo: url.isEmpty ? nil : url, reason: "the broker moves the topic")
        case .topicMigrated(let migrated):
            let url =
                context.configuration.serviceURL.usesTLS
                ? migrated.brokerServiceURLTls : migrated.brokerServiceURL
            state.withLock { $0.assignedURL = url.isEmpty ? nil : url }
        default: break
        }
    }

    func received(_ message: WireMessage, _ entry: Entry, on connection: Connection) {}

    func received(_ receipts: ArraySlice<SendReceipt>, on connection: Connection) {
        act { $0.machine.received(receipts: receipts, time: WallClock.milliseconds) }
    }

    /// Fails what has waited for too long.
    func tick() { act { $0.machine.expire(now: .now(), time: WallClock.milliseconds) } }

    // MARK: End

    /// Leaves the topic; what has no receipt yet fails.
    func close() async {
        let connection = state.withLock { state in
            state.isClosed = true
            return state.connection
        }
        if let connection {
            let id = id
            connection.remove(producer: id)
            _ = try? await connection.request(.operation, timeout: context.configuration.operationTimeout) { request in
                var command = WireCloseProducer()
                command.producerID = id
                command.requestID = request
                return .closeProducer(command)
            }
        }
        fail(PulsarError(.closed, "The producer was closed."))
    }

    /// Tells a broker that may or may not have registered the producer to forget it.
    private func sayGoodbye(to connection: Connection) {
        let id = id
        connection.request(.operation, timeout: context.configuration.operationTimeout) { request in
            var command = WireCloseProducer()
            command.producerID = id
            command.requestID = request
            return .closeProducer(command)
        } completion: { _ in
        }
    }

    /// Everything that waits here fails with `error`.
    func fail(_ error: PulsarError) { act { $0.machine.fail(error) } }
}

extension ProducerConfiguration.AccessMode {
    var wire: WireAccessMode {
        switch self {
        case .shared: .shared
        case .exclusive: .exclusive
        case .waitForExclusive: .waitForExclusive
        case .exclusiveWithFencing: .exclusiveWithFencing
        }
    }
}
