import Synchronization

extension ConsumerSession {
    /// Sends a request about this consumer; during a reconnect it waits, at most the client's operation timeout.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    private func request(
        _ kind: RequestKind,
        _ build: @escaping @Sendable (_ consumer: UInt64, _ request: UInt64) -> WireCommand.OneOf_Part
    ) async throws -> Reply {
        let connection = try await context.retrying("reach the broker", within: timeout) {
            try state.withLock { state in
                if state.isClosed { throw PulsarError(.closed, "The consumer was closed.") }
                if let connection = state.connection { return connection }
                throw PulsarError(.connectionLost, "There is no connection to the broker: try again in a moment.")
            }
        }
        let consumer = id
        return try await connection.request(kind, timeout: timeout) { build(consumer, $0) }
    }

    /// Goes on from another place. Messages that were on their way from the old one are dropped.
    func seek(to target: SeekTarget) async throws {
        let before = state.withLock { state in
            defer {
                state.isSeeking = true
                state.batches = BatchAcknowledgements()
                state.chunks.clear()
                // A broker that disconnects the consumer for this must not be told the old place.
                if case .message(let id) = target, !configuration.isDurable {
                    state.position = StartPosition(id: id, isInclusive: true)
                }
            }
            return state.position
        }
        do {
            _ = try await request(.operation) { consumer, request in
                var command = WireSeek()
                command.consumerID = consumer
                command.requestID = request
                switch target {
                case .message(let id): command.messageID = id.wire
                case .publishTime(let milliseconds): command.messagePublishTime = milliseconds
                }
                return .seek(command)
            }
        } catch {
            state.withLock { state in
                state.isSeeking = false
                state.position = before
            }
            throw error
        }
        state.withLock { state in
            state.isSeeking = false
            if case .publishTime = target { state.position = nil }
        }
    }

    func unsubscribe() async throws {
        _ = try await request(.operation) { consumer, request in
            var command = WireUnsubscribe()
            command.consumerID = consumer
            command.requestID = request
            return .unsubscribe(command)
        }
    }

    /// The last message of the topic, and the last that the subscription has acknowledged in full.
    func lastMessageID() async throws -> (last: MessageID, markDelete: MessageID?) {
        let reply = try await request(.lastMessageID) { consumer, request in
            var command = WireGetLastMessageID()
            command.consumerID = consumer
            command.requestID = request
            return .getLastMessageID(command)
        }
        guard case .lastMessageID(var last, let markDelete) = reply else {
            throw PulsarError(.protocolViolation, "The broker gave an answer of another kind.")
        }
        last.partition = topic.partition.map(Int32.init) ?? -1
        return (last, markDelete)
    }

    /// Leaves the broker, which gives what was not acknowledged to others.
    func close() async {
        let (connection, acks) = state.withLock { state in
            defer { (state.isClosed, state.connection, state.acks) = (true, nil, []) }
            return (state.connection, state.acks)
        }
        if let connection {
            if !acks.isEmpty { send(acks, on: connection) }
            let id = id
            _ = try? await connection.request(.operation, timeout: timeout) { request in
                var command = WireCloseConsumer()
                command.consumerID = id
                command.requestID = request
                return .closeConsumer(command)
            }
            connection.remove(consumer: id)
        } else {
            for ack in acks { ack.completion?(.failure(PulsarError(.closed, "The consumer was closed."))) }
        }
    }
}

/// Where to go on reading.
enum SeekTarget: Sendable {
    case message(MessageID)
    /// Milliseconds since 1970.
    case publishTime(UInt64)
}
