import NIOCore

/// The life of one connection: handshake, requests that wait for their answers, signs of life.
///
/// A pure value. `Waiter` is what is told of an answer; tests use a number.
struct ConnectionMachine<Waiter> {
    struct Key: Hashable {
        let kind: RequestKind
        let id: UInt64
    }

    struct Peer: Hashable, Sendable {
        var serverVersion: String
        var protocolVersion: Int32
        var maximumMessageSize: Int

        /// The broker answers an ACK that carries a request id.
        var confirmsAcknowledgements: Bool { protocolVersion >= 17 }
    }

    private struct Pending {
        let waiter: Waiter
        /// `nil` waits for as long as the connection lives.
        var deadline: NIODeadline?
    }

    private enum State {
        case handshaking(Waiter)
        case ready(Peer)
        case closed(PulsarError)
    }

    private var state: State
    private var pending: [Key: Pending] = [:]
    private var nextID: UInt64 = 0
    private var heardSincePing = true
    private var pingDue: NIODeadline
    private let keepAlive: TimeAmount

    /// - Parameters:
    ///   - handshake: told when the broker has accepted the client.
    ///   - keepAlive: after so long without a frame the broker is asked for a sign of life; after as long again without
    ///     one it is given up.
    init(handshake: Waiter, now: NIODeadline, keepAlive: TimeAmount) {
        state = .handshaking(handshake)
        self.keepAlive = keepAlive
        pingDue = now + keepAlive
    }

    /// `nil` before the handshake and after the end.
    var peer: Peer? {
        if case .ready(let peer) = state { peer } else { nil }
    }

    // MARK: Requests

    enum RequestAction {
        case send(requestID: UInt64)
        case fail(PulsarError)
    }

    mutating func request(_ kind: RequestKind, waiter: Waiter, deadline: NIODeadline?) -> RequestAction {
        switch state {
        case .closed(let error): return .fail(error)
        case .handshaking:
            return .fail(PulsarError(.connectionLost, "The connection to the broker is not ready yet."))
        case .ready:
            nextID += 1
            pending[Key(kind: kind, id: nextID)] = Pending(waiter: waiter, deadline: deadline)
            return .send(requestID: nextID)
        }
    }

    /// Forgets a request whose caller has gone. Its answer will be ignored.
    mutating func abandon(_ kind: RequestKind, id: UInt64) -> Waiter? {
        pending.removeValue(forKey: Key(kind: kind, id: id))?.waiter
    }

    // MARK: Frames

    enum ReceiveAction {
        case none
        case becomeReady(Waiter, Peer)
        case complete(Waiter, Result<Reply, PulsarError>)
        case pong
        case refreshCredentials
        /// For the producer or consumer that it names.
        case route(WireCommand.OneOf_Part)
        case close(PulsarError)
    }

    mutating func received(_ part: WireCommand.OneOf_Part) -> ReceiveAction {
        heardSincePing = true
        switch state {
        case .closed: return .none
        case .handshaking(let waiter): return handshake(part, waiter)
        case .ready: return answer(part)
        }
    }

    /// A frame of no interest still shows that the broker lives.
    mutating func heard() { heardSincePing = true }

    private mutating func handshake(_ part: WireCommand.OneOf_Part, _ waiter: Waiter) -> ReceiveAction {
        switch part {
        case .connected(let connected):
            let size = connected.hasMaxMessageSize ? Int(connected.maxMessageSize) : 0
            let peer = Peer(
                serverVersion: connected.serverVersion, protocolVersion: connected.protocolVersion,
                maximumMessageSize: size > 0 ? size : FrameFormat.defaultMaximumMessageSize)
            state = .ready(peer)
            return .becomeReady(waiter, peer)
        case .error(let error):
            return .close(PulsarError(server: error.error, error.message, refusing: "the connection"))
        case .authChallenge: return .refreshCredentials
        case .ping: return .pong
        default:
            return .close(
                PulsarError(.protocolViolation, "The broker answered the handshake with something else."))
        }
    }

    private mutating func answer(_ part: WireCommand.OneOf_Part) -> ReceiveAction {
        switch part {
        case .success(let success): return complete(.operation, success.requestID, .success(.success))
        case .producerSuccess(let success):
            if success.hasProducerReady, !success.producerReady {
                // Exclusive access is waited for, for as long as it takes.
                pending[Key(kind: .operation, id: success.requestID)]?.deadline = nil
                return .none
            }
            return complete(.operation, success.requestID, .success(.producer(success)))
        case .error(let error):
            return fail(
                error.requestID, PulsarError(server: error.error, error.message, refusing: "the request"))
        case .partitionedMetadataResponse(let response):
            let result: Result<Reply, PulsarError> =
                response.response == .failed || (response.hasError && !response.hasPartitions)
                ? .failure(PulsarError(server: response.error, response.message, refusing: "the topic's metadata"))
                : .success(.partitions(Int(response.partitions)))
            return complete(.partitions, response.requestID, result)
        case .lookupResponse(let response):
            let result: Result<Reply, PulsarError> =
                response.response == .failed
                ? .failure(PulsarError(server: response.error, response.message, refusing: "the lookup"))
                : .success(.lookup(response))
            return complete(.lookup, response.requestID, result)
        case .getLastMessageIDResponse(let response):
            let reply = Reply.lastMessageID(
                MessageID(response.lastMessageID),
                markDelete: response.hasConsumerMarkDeletePosition
                    ? MessageID(response.consumerMarkDeletePosition) : nil)
            return complete(.lastMessageID, response.requestID, .success(reply))
        case .getTopicsOfNamespaceResponse(let response):
            return complete(.topics, response.requestID, .success(.topics(response.topics)))
        case .ackResponse(let response):
            let result: Result<Reply, PulsarError> =
                response.hasError
                ? .failure(PulsarError(server: response.error, response.message, refusing: "the acknowledgement"))
                : .success(.success)
            return complete(.acknowledgement, response.requestID, result)
        case .ping: return .pong
        case .pong: return .none
        case .authChallenge: return .refreshCredentials
        case .sendReceipt, .sendError, .message, .closeProducer, .closeConsumer, .reachedEndOfTopic,
            .activeConsumerChange, .topicMigrated:
            return .route(part)
        case .connect, .connected, .subscribe, .producer, .send, .ack, .flow, .unsubscribe, .redeliver,
            .partitionedMetadata, .lookup, .seek, .getLastMessageID, .getTopicsOfNamespace, .authResponse:
            return .close(
                PulsarError(.protocolViolation, "The broker sent a command (\(part.number)) that only clients send."))
        }
    }

    private mutating func complete(
        _ kind: RequestKind,
        _ id: UInt64,
        _ result: Result<Reply, PulsarError>
    ) -> ReceiveAction {
        // The answer to a request that was given up meanwhile is no error.
        guard let waiter = abandon(kind, id: id) else { return .none }
        return .complete(waiter, result)
    }

    /// ERROR names a request of any kind.
    private mutating func fail(_ id: UInt64, _ error: PulsarError) -> ReceiveAction {
        let kinds: [RequestKind] = [.operation, .acknowledgement, .lastMessageID, .topics, .lookup, .partitions]
        for kind in kinds {
            if let waiter = abandon(kind, id: id) { return .complete(waiter, .failure(error)) }
        }
        return .none
    }

    // MARK: Time

    struct TickAction {
        var expired: [Waiter] = []
        var sendsPing = false
        var close: PulsarError?
    }

    /// Looks at the time; to be called several times within `keepAlive`.
    mutating func tick(_ now: NIODeadline) -> TickAction {
        var action = TickAction()
        if case .closed = state { return action }
        for (key, request) in pending where request.deadline.map({ $0 <= now }) ?? false {
            action.expired.append(request.waiter)
            pending[key] = nil
        }
        guard case .ready = state, now >= pingDue else { return action }
        pingDue = now + keepAlive
        if heardSincePing {
            heardSincePing = false
            action.sendsPing = true
        } else {
            action.close = PulsarError(
                .connectionLost, "The broker gave no sign of life for \(keepAlive.nanoseconds / 1_000_000_000) s.")
        }
        return action
    }

    // MARK: End

    /// Everybody who waits, to be told of `error`. Empty the second time.
    mutating func close(_ error: PulsarError) -> [Waiter] {
        var waiters = pending.values.map(\.waiter)
        switch state {
        case .closed: return []
        case .handshaking(let waiter): waiters.append(waiter)
        case .ready: break
        }
        pending = [:]
        state = .closed(error)
        return waiters
    }
}
