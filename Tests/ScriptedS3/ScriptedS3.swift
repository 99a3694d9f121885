import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// An S3 server on loopback that answers as a test says: for replies that a real server cannot be made to give.
///
/// It checks no signature.
public struct ScriptedS3: Sendable {
    /// A request as it came.
    public struct Received: Sendable {
        public let method: String
        /// Path and query, byte for byte.
        public let target: String
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]

        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// A parameter of the query, decoded.
        public func parameter(_ name: String) -> String? {
            guard let query = target.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
            for pair in query.split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts[0] == name { return parts.count > 1 ? String(parts[1]).removingURLPercentEncoding() : "" }
            }
            return nil
        }
    }

    public struct Reply: Sendable {
        public var status: Int
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]
        /// Announces more bytes than there are, and closes the connection.
        public var breaksOff = false

        public init(
            _ status: Int, headers: [(name: String, value: String)] = [], body: String = "", breaksOff: Bool = false
        ) {
            self.status = status
            self.headers = headers
            self.body = Array(body.utf8)
            self.breaksOff = breaksOff
        }

        public init(_ status: Int, headers: [(name: String, value: String)], bytes: [UInt8]) {
            self.status = status
            self.headers = headers
            body = bytes
        }

        /// An error as S3 writes it.
        public static func error(
            _ status: Int, _ code: String, headers: [(name: String, value: String)] = []
        ) -> Reply {
            Reply(status, headers: headers, body: "<?xml version=\"1.0\"?><Error><Code>\(code)</Code></Error>")
        }
    }

    public typealias Script = @Sendable (Received) async -> Reply

    public let endpoint: String

    /// Runs `body` beside a server.
    ///
    /// - Parameter script: what it answers, called for each request.
    public static func run<Value: Sendable>(
        _ script: @escaping Script,
        _ body: @escaping @Sendable (ScriptedS3) async throws -> Value
    ) async throws -> Value {
        let (ports, port) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let router = Router()
        for method in [HTTPRequest.Method.get, .put, .post, .delete, .head] {
            for path in ["/", "/**"] {
                router.on(RouterPath(path), method: method) { request, _ in
                    let bytes = try await request.body.collect(upTo: 64 << 20)
                    let received = Received(
                        method: request.method.rawValue, target: request.head.path ?? "/",
                        headers: request.headers.map { ($0.name.rawName, $0.value) }
                            + (request.head.authority.map { [("host", $0)] } ?? []),
                        body: Array(bytes.readableBytesView))
                    let reply = response(await script(received))
                    return request.method == .head ? reply.createHeadResponse() : reply
                }
            }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "scripted-s3", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            for await open in ports { return try await body(ScriptedS3(endpoint: "http://127.0.0.1:\(open)")) }
            throw CancellationError()
        }
    }

    private struct BrokenOff: Error {}

    private static func response(_ reply: Reply) -> Response {
        var fields = HTTPFields()
        for header in reply.headers {
            if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
        }
        let status = HTTPResponse.Status(code: reply.status)
        let buffer = ByteBuffer(bytes: reply.body)
        guard reply.breaksOff else {
            return Response(status: status, headers: fields, body: .init(byteBuffer: buffer))
        }
        let body = ResponseBody(contentLength: buffer.readableBytes + 100) { writer in
            try await writer.write(buffer)
            throw BrokenOff()
        }
        return Response(status: status, headers: fields, body: body)
    }
}
