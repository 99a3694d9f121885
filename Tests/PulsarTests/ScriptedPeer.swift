import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Pulsar

/// A broker of a test's own making, on loopback: it notes every command and answers as its script says, or else as a
/// friendly broker does. For what the small broker of the tests, pulsar-lite, lacks; written from the protocol.
final class ScriptedPeer: Sendable {
    /// A command as it arrived.
    struct Received: Sendable {
        /// Counts connections from 1.
        let connection: Int
        let part: WireCommand.OneOf_Part
        /// Of a SEND.
        let metadata: WireMessageMetadata?
    }

    /// Answers a command; returns `false` to leave it to the friendly broker.
    typealias Script = @Sendable (Received, Line) throws -> Bool

    /// The peer's end of a connection.
    struct Line: Sendable {
        let channel: any Channel

        func write(_ part: WireCommand.OneOf_Part) throws { write(try FrameEncoder.encode(part)) }
        func write(_ bytes: ByteBuffer) { channel.writeAndFlush(bytes, promise: nil) }
        func close() { channel.close(promise: nil) }
    }

    private struct Waiter {
        let count: Int
        let matches: @Sendable (Received) -> Bool
        let continuation: CheckedContinuation<[Received], Never>
    }

    private struct State {
        var received: [Received] = []
        var lines: [Line] = []
        var entries: UInt64 = 0
        var waiters: [Waiter] = []
    }

    private let channel: any Channel
    private let usesTLS: Bool
    private let state: Shared

    /// What the handlers of the connections share with the peer.
    fileprivate final class Shared: Sendable {
        let script: Script
        private let state = Mutex(State())
        private let ownURL = Mutex("")

        init(script: @escaping Script) { self.script = script }

        var url: String {
            get { ownURL.withLock { $0 } }
            set { ownURL.withLock { $0 = newValue } }
        }

        var received: [Received] { state.withLock { $0.received } }
        var lines: [Line] { state.withLock { $0.lines } }

        func connected(_ line: Line) -> Int {
            state.withLock { state in
                state.lines.append(line)
                return state.lines.count
            }
        }

        func nextEntry() -> UInt64 {
            state.withLock { state in
                state.entries += 1
                return state.entries
            }
        }

        func note(_ received: Received) { state.withLock { $0.received.append(received) } }

        func wake() {
            let ready = state.withLock { state in
                let all = state.received
                let ready = state.waiters.compactMap { waiter -> (Waiter, [Received])? in
                    let found = all.filter(waiter.matches)
                    return found.count >= waiter.count ? (waiter, found) : nil
                }
                state.waiters.removeAll { waiter in all.filter(waiter.matches).count >= waiter.count }
                return ready
            }
            for (waiter, found) in ready { waiter.continuation.resume(returning: found) }
        }

        func wait(for count: Int, _ matches: @escaping @Sendable (Received) -> Bool) async -> [Received] {
            await withCheckedContinuation { continuation in
                let found = state.withLock { state -> [Received]? in
                    let found = state.received.filter(matches)
                    if found.count >= count { return found }
                    state.waiters.append(Waiter(count: count, matches: matches, continuation: continuation))
                    return nil
                }
                if let found { continuation.resume(returning: found) }
            }
        }
    }

    private init(channel: any Channel, usesTLS: Bool, state: Shared) {
        self.channel = channel
        self.usesTLS = usesTLS
        self.state = state
    }

    /// Lends a peer that listens to `body`.
    static func withPeer<Result: Sendable>(
        tls: NIOSSLContext? = nil,
        script: @escaping Script = { _, _ in false },
        _ body: (ScriptedPeer) async throws -> Result
    ) async throws -> Result {
        let shared = Shared(script: script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(CommandDecoder()))
                    try channel.pipeline.syncOperations.addHandler(Handler(shared, usesTLS: tls != nil))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let peer = ScriptedPeer(channel: channel, usesTLS: tls != nil, state: shared)
        shared.url = peer.url
        do {
            let result = try await body(peer)
            try await peer.close()
            return result
        } catch {
            try await peer.close()
            throw error
        }
    }

    /// Lends a client of the peer that does not wait long.
    func withClient<Result: Sendable>(
        _ change: @Sendable (inout PulsarClientConfiguration) -> Void = { _ in },
        _ body: @Sendable (PulsarClient) async throws -> Result
    ) async throws -> Result {
        var configuration = try PulsarClientConfiguration(serviceURL: url)
        configuration.operationTimeout = .seconds(5)
        configuration.firstBackoff = .milliseconds(10)
        configuration.longestBackoff = .milliseconds(50)
        change(&configuration)
        return try await PulsarClient.withClient(configuration, body)
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var url: String { url(host: "127.0.0.1") }
    func url(host: String) -> String { "\(usesTLS ? "pulsar+ssl" : "pulsar")://\(host):\(port)" }

    /// Everything that arrived, in order.
    var received: [Received] { state.received }

    /// Waits until so many commands of a kind have arrived, and returns them.
    func wait(for count: Int = 1, _ matches: @escaping @Sendable (Received) -> Bool) async -> [Received] {
        await state.wait(for: count, matches)
    }

    /// Breaks all connections that are open.
    func breakConnections() { for line in state.lines { line.close() } }

    /// Says something on the last connection that was made.
    func say(_ part: WireCommand.OneOf_Part) throws { try state.lines.last?.write(part) }
    func say(_ bytes: ByteBuffer) { state.lines.last?.write(bytes) }

    private func close() async throws {
        breakConnections()
        try await channel.close().get()
    }
}

extension ScriptedPeer {
    private struct CommandDecoder: NIOSingleStepByteToMessageDecoder {
        typealias InboundOut = (WireCommand.OneOf_Part, WireMessageMetadata?)

        mutating func decode(buffer: inout ByteBuffer) throws -> InboundOut? {
            guard let size = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init),
                buffer.readableBytes >= 4 + size
            else { return nil }
            buffer.moveReaderIndex(forwardBy: 4)
            guard var frame = buffer.readSlice(length: size), let length = frame.readInteger(as: UInt32.self) else {
                return nil
            }
            let command = try frame.readMessage(WireCommand.self, length: Int(length))
            guard let part = command.part else { return nil }
            guard frame.readableBytes > 6 else { return (part, nil) }
            // Behind the magic number and the checksum.
            frame.moveReaderIndex(forwardBy: 6)
            guard let metadata = frame.readInteger(as: UInt32.self) else { return (part, nil) }
            return (part, try frame.readMessage(WireMessageMetadata.self, length: Int(metadata)))
        }

        mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> InboundOut? {
            try decode(buffer: &buffer)
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = (WireCommand.OneOf_Part, WireMessageMetadata?)

        private let shared: Shared
        private let usesTLS: Bool
        private var number = 0

        init(_ shared: Shared, usesTLS: Bool) {
            self.shared = shared
            self.usesTLS = usesTLS
        }

        func channelActive(context: ChannelHandlerContext) {
            number = shared.connected(Line(channel: context.channel))
            context.fireChannelActive()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let (part, metadata) = unwrapInboundIn(data)
            let received = Received(connection: number, part: part, metadata: metadata)
            let line = Line(channel: context.channel)
            // Noted before it is answered, for the client goes on then; told after, so that tests speak behind the script.
            shared.note(received)
            do {
                if try !shared.script(received, line), let answer = friendly(part) { try line.write(answer) }
            } catch {
                line.close()
            }
            shared.wake()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func friendly(_ part: WireCommand.OneOf_Part) -> WireCommand.OneOf_Part? {
            switch part {
            case .connect: return Samples.connected()
            case .ping: return .pong(WirePong())
            case .partitionedMetadata(let asked):
                var answer = WirePartitionedMetadataResponse()
                answer.requestID = asked.requestID
                answer.response = .success
                answer.partitions = 0
                return .partitionedMetadataResponse(answer)
            case .lookup(let asked):
                return .lookupResponse(
                    Samples.lookup(asked.requestID, .connect, url: shared.url, usesTLS: usesTLS))
            case .producer(let asked): return .producerSuccess(Samples.producer(asked))
            case .send(let sent):
                var receipt = WireSendReceipt()
                receipt.producerID = sent.producerID
                receipt.sequenceID = sent.sequenceID
                receipt.messageID.ledgerID = 7
                receipt.messageID.entryID = shared.nextEntry()
                return .sendReceipt(receipt)
            case .subscribe(let asked): return Samples.success(asked.requestID)
            case .closeProducer(let asked): return Samples.success(asked.requestID)
            case .closeConsumer(let asked): return Samples.success(asked.requestID)
            case .seek(let asked): return Samples.success(asked.requestID)
            case .ack(let ack) where ack.hasRequestID:
                var answer = WireAckResponse()
                answer.consumerID = ack.consumerID
                answer.requestID = ack.requestID
                return .ackResponse(answer)
            default: return nil
            }
        }
    }
}

extension Samples {
    static func lookup(
        _ id: UInt64,
        _ outcome: WireLookupResponse.Outcome,
        url: String,
        usesTLS: Bool = false,
        authoritative: Bool = true
    ) -> WireLookupResponse {
        var answer = WireLookupResponse()
        answer.requestID = id
        answer.response = outcome
        answer.authoritative = authoritative
        if usesTLS { answer.brokerServiceURLTls = url } else { answer.brokerServiceURL = url }
        return answer
    }

    static func producer(_ asked: WireProducer, isReady: Bool = true) -> WireProducerSuccess {
        var answer = WireProducerSuccess()
        answer.requestID = asked.requestID
        answer.producerName = asked.producerName.isEmpty ? "given-by-the-peer" : asked.producerName
        answer.producerReady = isReady
        return answer
    }
}
