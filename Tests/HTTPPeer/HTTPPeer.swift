import NIOCore
import NIOHTTP1
import NIOPosix
public import NIOSSL

/// An HTTP server on loopback that answers as a test says, also by silence or by hanging up.
public struct HTTPPeer: Sendable {
    /// A request with its whole body.
    public struct Request: Sendable {
        /// From 1, in the order of arrival.
        public let number: Int
        public let method: String
        /// Path and parameters.
        public let target: String
        public let headers: [(name: String, value: String)]
        public let body: String

        /// The first header of that name.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What the peer does with a request.
    public enum Reply: Sendable {
        case answer(Int, String, headers: [String: String] = [:])
        /// The head and a part of the body, and then nothing.
        case half(String)
        case silence
        case hangUp
    }

    /// For example `http://127.0.0.1:40123`.
    public let url: String

    /// Runs a peer for as long as `body` takes.
    public static func withPeer<Result: Sendable>(
        tls: NIOSSLContext? = nil,
        _ respond: @escaping @Sendable (Request) async -> Reply,
        _ body: @escaping @Sendable (HTTPPeer) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        let peer = HTTPPeer(url: tls == nil ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)")
        let counter = RequestCounter()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            group.addTask { try? await serve(connection, counter, respond) }
                        }
                    }
                }
                return nil
            }
            group.addTask { try await body(peer) }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }

    private static func serve(
        _ connection: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>,
        _ counter: RequestCounter,
        _ respond: @Sendable (Request) async -> Reply
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body = ByteBuffer()
            for try await part in inbound {
                switch part {
                case .head(let next):
                    head = next
                    body.clear()
                case .body(var bytes): body.writeBuffer(&bytes)
                case .end:
                    guard let head else { return }
                    let request = Request(
                        number: counter.next(), method: head.method.rawValue, target: head.uri,
                        headers: head.headers.map { ($0.name, $0.value) }, body: String(buffer: body))
                    guard try await write(respond(request), to: outbound) else { return }
                }
            }
        }
    }

    /// Whether the connection goes on.
    private static func write(
        _ reply: Reply, to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws -> Bool {
        switch reply {
        case .answer(let status, let text, let headers):
            var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
            fields.add(name: "content-length", value: String(text.utf8.count))
            try await outbound.write(
                .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(string: text))))
            try await outbound.write(.end(nil))
            return true
        case .half(let text):
            let fields = HTTPHeaders([("content-length", String(text.utf8.count + 1))])
            try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: fields)))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(string: text))))
            await forever()
            return false
        case .silence:
            await forever()
            return false
        case .hangUp: return false
        }
    }

    /// Until the peer is ended.
    private static func forever() async {
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }
}
