import FoundationEssentials
import Logging
import NIOCore
import Synchronization

/// One connection to a broker, shared by the producers and consumers whose topics it serves.
final class Connection: Sendable {
    typealias Completion = @Sendable (Result<Reply, any Error>) -> Void

    /// Unlike requests, the handshake is answered with what the peer is.
    enum Waiter: Sendable {
        case handshake(@Sendable (Result<Void, any Error>) -> Void)
        case request(Completion)

        func fail(_ error: any Error) {
            switch self {
            case .handshake(let completion): completion(.failure(error))
            case .request(let completion): completion(.failure(error))
            }
        }
    }

    private struct State {
        var machine: ConnectionMachine<Waiter>
        var producers: [UInt64: any ConnectionEndpoint] = [:]
        var consumers: [UInt64: any ConnectionEndpoint] = [:]
    }

    let address: String
    let channel: any Channel
    private let outbox: Outbox
    private let settings: ConnectionSettings
    private let jobs: JobQueue
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameter handshake: told when the broker accepted or refused the client.
    init(
        channel: any Channel,
        address: String,
        settings: ConnectionSettings,
        jobs: JobQueue,
        logger: Logger,
        handshake: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        self.channel = channel
        self.address = address
        self.settings = settings
        self.jobs = jobs
        self.logger = logger
        outbox = Outbox(channel)
        state = Mutex(
            State(
                machine: ConnectionMachine(
                    handshake: .handshake(handshake), now: .now(), keepAlive: TimeAmount(settings.keepAlive))))
    }

    /// What the broker said of itself; `nil` before the handshake and after the end.
    var peer: ConnectionMachine<Waiter>.Peer? { state.withLock { $0.machine.peer } }
    var isReady: Bool { peer != nil }

    // MARK: Endpoints

    /// - Returns: whether the connection is still there; if not, `endpoint` is not told of anything.
    func register(producer id: UInt64, _ endpoint: any ConnectionEndpoint) -> Bool {
        state.withLock { state in
            guard state.machine.peer != nil else { return false }
            state.producers[id] = endpoint
            return true
        }
    }

    /// - Returns: as ``register(producer:_:)``.
    func register(consumer id: UInt64, _ endpoint: any ConnectionEndpoint) -> Bool {
        state.withLock { state in
            guard state.machine.peer != nil else { return false }
            state.consumers[id] = endpoint
            return true
        }
    }

    func remove(producer id: UInt64) { state.withLock { _ = $0.producers.removeValue(forKey: id) } }
    func remove(consumer id: UInt64) { state.withLock { _ = $0.consumers.removeValue(forKey: id) } }

    // MARK: Sending

    /// Sends a frame that was encoded already. If the connection has ended it goes nowhere.
    func write(_ frame: ByteBuffer) { outbox.write(frame) }

    /// Sends the frames of entries, in this order.
    func write(_ frames: [EntryFrame]) { outbox.write(frames) }

    /// As ``write(_:)-(ByteBuffer)``, from this thread if nothing is on its way: for a frame that somebody waits for.
    func writeAtOnce(_ frame: ByteBuffer) { outbox.writeAtOnce(frame) }

    /// Sends a command that is not answered.
    func write(_ part: WireCommand.OneOf_Part) {
        guard let frame = try? FrameEncoder.encode(part) else { return }
        outbox.write(frame)
    }

    /// Lets frames leave from the thread that writes them, where the channel has a socket and nothing in between.
    func open(_ socket: DirectSocket) { outbox.open(socket) }

    /// Sends a command and tells `completion` of its answer, or that there will be none.
    ///
    /// - Parameter timeout: `nil` waits for as long as the connection lives.
    @discardableResult
    func request(
        _ kind: RequestKind,
        timeout: Duration?,
        _ build: (UInt64) -> WireCommand.OneOf_Part,
        completion: @escaping Completion
    ) -> UInt64? {
        let deadline = timeout.map { NIODeadline.now() + TimeAmount($0) }
        let action = state.withLock { $0.machine.request(kind, waiter: .request(completion), deadline: deadline) }
        switch action {
        case .send(let id):
            write(build(id))
            return id
        case .fail(let error):
            completion(.failure(error))
            return nil
        }
    }

    /// Sends a command and waits for its answer.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`, after which the broker may still act.
    func request(
        _ kind: RequestKind,
        timeout: Duration?,
        _ build: @Sendable (UInt64) -> WireCommand.OneOf_Part
    ) async throws -> Reply {
        let requestID = Mutex<UInt64?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let id = request(kind, timeout: timeout, build) { continuation.resume(with: $0) }
                requestID.withLock { $0 = id }
                if Task.isCancelled { abandon(kind, id) }
            }
        } onCancel: {
            abandon(kind, requestID.withLock { $0 })
        }
    }

    private func abandon(_ kind: RequestKind, _ id: UInt64?) {
        guard let id else { return }
        state.withLock { $0.machine.abandon(kind, id: id) }?.fail(CancellationError())
    }

    // MARK: Receiving, on the event loop

    func received(_ frame: Frame) {
        switch frame {
        case .command(let part): received(part)
        case .message(let message, let entry):
            let endpoint = state.withLock { state in
                state.machine.heard()
                return state.consumers[message.consumerID]
            }
            // One that was closed meanwhile: the broker gives the message to another.
            endpoint?.received(message, entry, on: self)
        case .receipts(let receipts): route(receipts)
        case .unknown: state.withLock { $0.machine.heard() }
        }
    }

    private func route(_ receipts: [SendReceipt]) {
        var rest = receipts[...]
        while let id = rest.first?.producerID {
            let ofOne = rest.prefix { $0.producerID == id }
            rest = rest.dropFirst(ofOne.count)
            let producer = state.withLock { state in
                state.machine.heard()
                return state.producers[id]
            }
            producer?.received(ofOne, on: self)
        }
    }

    private func received(_ part: WireCommand.OneOf_Part) {
        switch state.withLock({ $0.machine.received(part) }) {
        case .none: break
        case .becomeReady(let waiter, let peer):
            logger.debug(
                "connected",
                metadata: [
                    "pulsar_address": "\(address)", "pulsar_server": "\(peer.serverVersion)",
                    "pulsar_protocol": "\(peer.protocolVersion)",
                ])
            if case .handshake(let completion) = waiter { completion(.success(())) }
        case .complete(let waiter, let result):
            if case .request(let completion) = waiter { completion(result.mapError { $0 }) }
        case .pong: write(.pong(WirePong()))
        case .refreshCredentials: jobs.add { [weak self] in await self?.refreshCredentials() }
        case .route(let part): route(part)
        case .close(let error): close(error)
        }
    }

    private func route(_ part: WireCommand.OneOf_Part) {
        let endpoint = state.withLock { state -> (any ConnectionEndpoint)? in
            switch part {
            case .sendError(let error): state.producers[error.producerID]
            case .closeProducer(let close): state.producers.removeValue(forKey: close.producerID)
            case .closeConsumer(let close): state.consumers.removeValue(forKey: close.consumerID)
            case .reachedEndOfTopic(let end): state.consumers[end.consumerID]
            case .activeConsumerChange(let change): state.consumers[change.consumerID]
            case .topicMigrated(let migrated):
                migrated.resourceType == .producer
                    ? state.producers[migrated.resourceID] : state.consumers[migrated.resourceID]
            default: nil
            }
        }
        endpoint?.received(part, on: self)
    }

    /// Answers the broker's AUTH_CHALLENGE with the credentials of now.
    private func refreshCredentials() async {
        do {
            var response = WireAuthResponse()
            response.clientVersion = ConnectionSettings.clientVersion
            response.protocolVersion = ConnectionSettings.protocolVersion
            response.response.authMethodName = settings.authentication.method
            response.response.authData = Data(try await settings.authentication.credentials())
            write(.authResponse(response))
        } catch {
            close(
                PulsarError(
                    .authenticationFailed, "The broker asks for new credentials, and none can be had.",
                    underlying: error))
        }
    }

    func tick() {
        let action = state.withLock { $0.machine.tick(.now()) }
        for waiter in action.expired {
            waiter.fail(PulsarError(.timeout, "The broker at \(address) did not answer in time."))
        }
        if action.sendsPing { write(.ping(WirePing())) }
        if let error = action.close { close(error) }
    }

    // MARK: The end

    /// Ends the connection and tells everybody who waits for it.
    func close(_ error: PulsarError) {
        let (waiters, endpoints) = state.withLock { state in
            let endpoints = Array(state.producers.values) + Array(state.consumers.values)
            (state.producers, state.consumers) = ([:], [:])
            return (state.machine.close(error), endpoints)
        }
        outbox.close()
        for waiter in waiters { waiter.fail(error) }
        for endpoint in endpoints { endpoint.connectionClosed(self, error) }
        channel.close(promise: nil)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max / 4 : whole + attoseconds / 1_000_000_000)
    }
}
