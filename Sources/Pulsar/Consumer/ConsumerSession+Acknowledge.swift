import NIOCore
import Synchronization

extension ConsumerSession {
    /// Acknowledges one message; `completion` is told when the broker has noted it.
    ///
    /// - Returns: whether the whole entry is done.
    @discardableResult
    func acknowledge(_ message: MessageID, completion: Completion?) -> Bool {
        let (outcome, chunks) = state.withLock { state in
            (state.batches.acknowledge(message), state.chunkEntries.removeValue(forKey: message.entry))
        }
        switch outcome {
        case .entry: acknowledge(chunks?.map(\.wire) ?? [message.entry.wire], completion: completion)
        case .partial(let words) where configuration.acknowledgesBatchIndexes:
            var wire = message.entry.wire
            wire.ackSet = words
            wire.batchSize = message.batchSize
            acknowledge([wire], completion: completion)
        case .partial, .nothing: completion?(.success(()))
        }
        return outcome == .entry
    }

    /// Acknowledges a message and all before it in this topic.
    func acknowledgeUpTo(_ message: MessageID) async throws {
        let outcome = state.withLock { $0.batches.acknowledgeUpTo(message) }
        var wire = message.entry.wire
        if case .partial(let words) = outcome {
            if configuration.acknowledgesBatchIndexes {
                wire.ackSet = words
                wire.batchSize = message.batchSize
            } else {
                // Of a batch that is not done, everything before it is.
                wire.entryID = wire.entryID &- 1
            }
        }
        var command = WireAck()
        command.consumerID = id
        command.ackType = .cumulative
        command.messageID = [wire]
        guard let connection = state.withLock({ $0.connection }) else {
            throw PulsarError(.connectionLost, "There is no connection to the broker: acknowledge again in a moment.")
        }
        guard configuration.confirmsAcknowledgements, connection.peer?.confirmsAcknowledgements == true else {
            return connection.write(.ack(command))
        }
        let confirmed = command
        _ = try await connection.request(.acknowledgement, timeout: timeout) { id in
            var command = confirmed
            command.requestID = id
            return .ack(command)
        }
    }

    /// Puts acknowledgements on the way; those of one moment leave in one frame. Without a connection they wait for
    /// the next one.
    func acknowledge(_ ids: [WireMessageID], completion: Completion?) {
        let pending = PendingAck(ids: ids, deadline: .now() + TimeAmount(timeout), completion: completion)
        let schedules = state.withLock { state in
            state.acks.append(pending)
            guard state.connection != nil, !state.ackFlushIsScheduled else { return false }
            state.ackFlushIsScheduled = true
            return true
        }
        if schedules { context.eventLoop.execute { self.flushAcks() } }
    }

    func scheduleAckFlush() {
        state.withLock { $0.ackFlushIsScheduled = true }
        context.eventLoop.execute { self.flushAcks() }
    }

    private func flushAcks() {
        let (connection, acks) = state.withLock { state -> (Connection?, [PendingAck]) in
            state.ackFlushIsScheduled = false
            guard let connection = state.connection, !state.acks.isEmpty else { return (nil, []) }
            defer { state.acks = [] }
            return (connection, state.acks)
        }
        guard let connection else { return }
        // A frame holds thousands of ids; a broker's limit is far away.
        for start in stride(from: 0, to: acks.count, by: 1000) {
            send(Array(acks[start..<min(start + 1000, acks.count)]), on: connection)
        }
    }

    func send(_ acks: [PendingAck], on connection: Connection) {
        var command = WireAck()
        command.consumerID = id
        command.ackType = .individual
        command.messageID = acks.flatMap(\.ids)
        guard configuration.confirmsAcknowledgements, connection.peer?.confirmsAcknowledgements == true else {
            connection.write(.ack(command))
            for ack in acks { ack.completion?(.success(())) }
            return
        }
        let confirmed = command
        connection.request(.acknowledgement, timeout: timeout) { id in
            var command = confirmed
            command.requestID = id
            return .ack(command)
        } completion: { [weak self] result in
            self?.finish(acks, result)
        }
    }

    private func finish(_ acks: [PendingAck], _ result: Result<Reply, any Error>) {
        switch result {
        case .success: for ack in acks { ack.completion?(.success(())) }
        case .failure(let error):
            if (error as? PulsarError)?.code == .connectionLost, !state.withLock({ $0.isClosed }) {
                // They will be sent again with the next connection, in time.
                state.withLock { $0.acks = acks + $0.acks }
            } else {
                for ack in acks { ack.completion?(.failure(error)) }
            }
        }
    }

    /// Has entries delivered again. Exclusive and failover subscriptions only know all of them.
    func redeliver(_ entries: [EntryID]) {
        guard !entries.isEmpty, let connection = state.withLock({ $0.connection }) else { return }
        var command = WireRedeliverUnacknowledgedMessages()
        command.consumerID = id
        if configuration.type.isShared {
            let chunks = state.withLock { $0.chunkEntries }
            command.messageIds = entries.flatMap { chunks[$0] ?? [$0] }.map(\.wire)
        }
        connection.write(.redeliver(command))
    }

    /// Has everything delivered again that is not acknowledged.
    func redeliverAll() {
        guard let connection = state.withLock({ $0.connection }) else { return }
        var command = WireRedeliverUnacknowledgedMessages()
        command.consumerID = id
        connection.write(.redeliver(command))
    }

    func tick(now: NIODeadline) {
        let expired = state.withLock { state in
            guard state.acks.contains(where: { $0.deadline <= now }) else { return [PendingAck]() }
            let expired = state.acks.filter { $0.deadline <= now }
            state.acks.removeAll { $0.deadline <= now }
            return expired
        }
        for ack in expired {
            ack.completion?(.failure(PulsarError(.timeout, "The broker did not note the acknowledgement in time.")))
        }
    }
}
