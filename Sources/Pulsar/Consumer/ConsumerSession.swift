import Logging
import NIOCore
import Synchronization

/// Receives one topic without partitions, or one partition: its connection of the moment, and what of its entries is
/// done.
final class ConsumerSession: ConnectionEndpoint {
    /// What a session tells its consumer.
    struct Owner: Sendable {
        let attached: @Sendable (SourceID) -> Void
        let detached: @Sendable (SourceID) -> Void
        let arrived: @Sendable (SourceID, [Message], _ permits: Int) -> Void
        let ended: @Sendable (SourceID) -> Void
        let failed: @Sendable (SourceID, PulsarError) -> Void
    }

    typealias Completion = @Sendable (Result<Void, any Error>) -> Void

    struct PendingAck {
        let ids: [WireMessageID]
        let deadline: NIODeadline
        let completion: Completion?
    }

    struct State {
        var connection: Connection?
        var isMaintained = false
        var isClosed = false
        var isSeeking = false
        var isActive = true
        var assignedURL: String?
        /// Where to go on after a reconnect, without a durable subscription.
        var position: StartPosition?
        var batches = BatchAcknowledgements()
        var chunks = ChunkAssembler()
        /// The entries of messages that came in chunks, by the last one.
        var chunkEntries: [EntryID: [EntryID]] = [:]
        var acks: [PendingAck] = []
        var ackFlushIsScheduled = false
    }

    let topic: TopicName
    let source: SourceID
    let id: UInt64
    private let name: String
    let configuration: ConsumerConfiguration
    let context: ClientContext
    private let owner: Owner
    private let logger: Logger
    let state: Mutex<State>

    init(
        topic: TopicName,
        source: SourceID,
        name: String,
        configuration: ConsumerConfiguration,
        context: ClientContext,
        owner: Owner
    ) {
        self.topic = topic
        self.source = source
        self.name = name
        self.configuration = configuration
        self.context = context
        self.owner = owner
        id = context.nextID()
        var logger = context.logger
        logger[metadataKey: "pulsar_topic"] = "\(topic)"
        logger[metadataKey: "pulsar_subscription"] = "\(configuration.subscription)"
        logger[metadataKey: "pulsar_consumer"] = "\(id)"
        self.logger = logger
        var state = State()
        state.position = configuration.start
        self.state = Mutex(state)
    }

    var deadLetters: DeadLetterPolicy? { configuration.deadLetters }

    /// Whether this consumer is the one that a failover subscription delivers to.
    var isActive: Bool { state.withLock { $0.isActive && $0.connection != nil } }

    var timeout: Duration { context.configuration.operationTimeout }

    // MARK: Connection

    /// Subscribes at the broker that serves the topic.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func attach() async throws {
        let assigned = state.withLock { state in
            defer { state.assignedURL = nil }
            return state.assignedURL
        }
        let connection = try await context.lookup.connection(serving: topic, assigned: assigned)
        guard connection.register(consumer: id, self) else {
            throw PulsarError(.connectionLost, "The connection to \(connection.address) ended at once.")
        }
        do {
            let command = subscribeCommand()
            _ = try await connection.request(.operation, timeout: timeout) { id in
                var command = command
                command.requestID = id
                return .subscribe(command)
            }
        } catch {
            connection.remove(consumer: id)
            sayGoodbye(to: connection)
            throw error
        }
        guard !state.withLock({ $0.isClosed }) else {
            connection.remove(consumer: id)
            sayGoodbye(to: connection)
            throw PulsarError(.closed, "The consumer was closed.")
        }
        state.withLock { $0.connection = connection }
        owner.attached(source)
        scheduleAckFlush()
        if !connection.isReady {
            connectionClosed(connection, PulsarError(.connectionLost, "The connection ended."))
        }
        logger.debug("subscribed", metadata: ["pulsar_address": "\(connection.address)"])
    }

    private func subscribeCommand() -> WireSubscribe {
        var command = WireSubscribe()
        command.topic = topic.description
        command.subscription = configuration.subscription
        command.subType = configuration.type.wire
        command.consumerID = id
        command.consumerName = name
        command.priorityLevel = configuration.priorityLevel
        command.durable = configuration.isDurable
        command.readCompacted = configuration.readsCompacted
        command.initialPosition = configuration.initialPosition == .earliest ? .earliest : .latest
        command.replicateSubscriptionState = false
        command.metadata = configuration.metadata.wire
        if let position = state.withLock({ $0.position }) { command.startMessageID = position.wire }
        if case .keyShared(let policy) = configuration.type {
            command.keySharedMeta.mode = policy.stickyRanges == nil ? .autoSplit : .sticky
            command.keySharedMeta.allowOutOfOrderDelivery = policy.allowsOutOfOrderDelivery
            command.keySharedMeta.hashRanges = (policy.stickyRanges ?? []).map { range in
                var wire = WireIntRange()
                wire.start = range.lowerBound
                wire.end = range.upperBound
                return wire
            }
        }
        return command
    }

    func connectionClosed(_ connection: Connection, _ error: PulsarError) {
        guard error.code != .closed else {
            state.withLock { $0.connection = nil }
            owner.failed(source, error)
            return
        }
        detach(from: connection, movedTo: nil, reason: "\(error)")
    }

    private func detach(from connection: Connection, movedTo url: String?, reason: String) {
        let (wasAttached, maintains) = state.withLock { state in
            guard state.connection === connection else { return (false, false) }
            state.connection = nil
            state.assignedURL = url
            state.chunks.clear()
            guard !state.isClosed, !state.isMaintained else { return (true, false) }
            state.isMaintained = true
            return (true, true)
        }
        if wasAttached { owner.detached(source) }
        guard maintains else { return }
        guard context.jobs.add({ [weak self] in await self?.maintain() }) else {
            return owner.failed(source, PulsarError(.closed, "The client was closed."))
        }
        logger.info("reconnecting", metadata: ["pulsar_error": "\(reason)"])
    }

    /// Subscribes again, for as long as it takes.
    private func maintain() async {
        var failure: PulsarError?
        do {
            // A broker that moves a topic may still count the consumer of before: then it is not somebody else's.
            try await context.retrying("attach consumer", within: nil) { [weak self] in
                do {
                    try await self?.attach()
                } catch let error as PulsarError where error.code == .consumerBusy {
                    throw PulsarError(.serviceNotReady, error.message, underlying: error)
                }
            }
        } catch let error as PulsarError {
            failure = error
        } catch {
            failure = PulsarError(.closed, "The client was closed.")
        }
        let continues = state.withLock { state in
            state.isMaintained = state.connection == nil && !state.isClosed && failure == nil
            return state.isMaintained
        }
        if let failure {
            if failure.code != .closed { logger.error("cannot go on", metadata: ["pulsar_error": "\(failure)"]) }
            owner.failed(source, failure)
        }
        // It ended again while the attempt was being finished.
        if continues { context.jobs.add { [weak self] in await self?.maintain() } }
    }

    /// Tells a broker that may or may not have subscribed the consumer to forget it.
    private func sayGoodbye(to connection: Connection) {
        let id = id
        connection.request(.operation, timeout: timeout) { request in
            var command = WireCloseConsumer()
            command.consumerID = id
            command.requestID = request
            return .closeConsumer(command)
        } completion: { _ in
        }
    }

    // MARK: Receiving

    func received(_ part: WireCommand.OneOf_Part, on connection: Connection) {
        let usesTLS = context.configuration.serviceURL.usesTLS
        switch part {
        case .closeConsumer(let close):
            let url = usesTLS ? close.assignedBrokerServiceURLTls : close.assignedBrokerServiceURL
            detach(from: connection, movedTo: url.isEmpty ? nil : url, reason: "the broker moves the topic")
        case .reachedEndOfTopic: owner.ended(source)
        case .activeConsumerChange(let change): state.withLock { $0.isActive = change.isActive }
        case .topicMigrated(let migrated):
            let url = usesTLS ? migrated.brokerServiceURLTls : migrated.brokerServiceURL
            state.withLock { $0.assignedURL = url.isEmpty ? nil : url }
        default: break
        }
    }

    func received(_ message: WireMessage, _ entry: Entry, on connection: Connection) {
        let partition = topic.partition.map(Int32.init) ?? -1
        var id = MessageID(message.messageID)
        id.partition = partition
        switch entry {
        case .damaged(let reason): discard(id.entry, reason, "its checksum or metadata is wrong")
        case .intact(let metadata, let payload, let index):
            do {
                try deliver(message, id, metadata, payload, index)
            } catch let error as PulsarError where error.code == .unsupported {
                discard(id.entry, .decryptionError, error.message)
            } catch {
                discard(id.entry, .decompressionError, "\(error)")
            }
        }
    }

    func received(_ receipts: ArraySlice<SendReceipt>, on connection: Connection) {}

    private func deliver(
        _ delivery: WireMessage,
        _ id: MessageID,
        _ metadata: WireMessageMetadata,
        _ payload: ByteBuffer,
        _ index: UInt64?
    ) throws {
        var (id, payload) = (id, payload)
        if metadata.hasNumChunksFromMsg, metadata.numChunksFromMsg > 1 {
            guard let whole = assemble(payload, id, metadata) else {
                return owner.arrived(source, [], 1)
            }
            payload = whole.payload
            if let first = whole.entries.first {
                id.firstChunk = .init(ledgerID: first.ledgerID, entryID: first.entryID)
            }
        }
        payload = try EntryReader.decompress(payload, metadata)
        let reader = EntryReader(topic: topic.description, source: source, partition: id.partition)
        let messages = try reader.messages(delivery, id: id, metadata: metadata, payload: payload, index: index)
        let size = metadata.hasNumMessagesInBatch ? Int(metadata.numMessagesInBatch) : 1
        let wanted = state.withLock { state -> [Message] in
            guard !state.isSeeking else { return [] }
            state.batches.delivered(id.entry, size: size)
            return messages.filter { message in
                BatchAcknowledgements.isPending(max(0, message.id.batchIndex), in: delivery.ackSet)
                    && !state.batches.isDone(message.id) && (state.position?.includes(message.id) ?? true)
            }
        }
        owner.arrived(source, wanted, size)
    }

    private func assemble(
        _ payload: ByteBuffer,
        _ id: MessageID,
        _ metadata: WireMessageMetadata
    ) -> (payload: ByteBuffer, entries: [EntryID])? {
        let (outcome, abandoned) = state.withLock { state in
            let result = state.chunks.add(payload, entry: id.entry, metadata: metadata)
            if case .complete(_, let entries) = result.0 { state.chunkEntries[id.entry] = entries }
            return result
        }
        redeliver(abandoned)
        switch outcome {
        case .complete(let payload, let entries): return (payload, entries)
        case .incomplete: return nil
        case .orphan:
            handleOrphan(id, publishTime: metadata.publishTime)
            return nil
        }
    }

    /// A chunk that came before its turn is asked for again; one whose beginning has not come for long is given up.
    private func handleOrphan(_ id: MessageID, publishTime: UInt64) {
        guard WallClock.milliseconds - Int64(clamping: publishTime) > ChunkAssembler.patience else {
            context.eventLoop.scheduleTask(in: .seconds(1)) { [weak self] in self?.redeliver([id.entry]) }
            return
        }
        logger.warning("dropped a chunk that fits no message", metadata: ["pulsar_message": "\(id)"])
        acknowledge([id.entry.wire], completion: nil)
    }

    /// An entry that can never be read is acknowledged as such, so that it is not delivered for ever.
    private func discard(_ entry: EntryID, _ reason: WireAck.ValidationError, _ text: String) {
        logger.error(
            "discarded an entry that cannot be read",
            metadata: ["pulsar_message": "(\(entry.ledgerID),\(entry.entryID))", "pulsar_error": "\(text)"])
        var command = WireAck()
        command.consumerID = id
        command.ackType = .individual
        command.messageID = [entry.wire]
        command.validationError = reason
        state.withLock { $0.connection }?.write(.ack(command))
        owner.arrived(source, [], 1)
    }

    /// Notes how far the application has read, where the broker does not.
    func handedOut(_ id: MessageID) {
        guard !configuration.isDurable else { return }
        state.withLock { $0.position = StartPosition(id: id, isInclusive: false) }
    }

    func grant(_ permits: UInt32) {
        var command = WireFlow()
        command.consumerID = id
        command.messagePermits = permits
        state.withLock { $0.connection }?.write(.flow(command))
    }
}
