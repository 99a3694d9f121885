import HTTPTypes
import Hummingbird
import Logging
import NIOCore

extension ScriptedModels {
    /// Serves on a free loopback port while `body` runs, which gets the base URL.
    public func serving<Value: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Value
    ) async throws -> Value {
        let (ports, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await run(port: 0) { port.yield($0) }
                return nil
            }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                guard let number = await iterator.next() else { return nil }
                return try await body("http://127.0.0.1:\(number)")
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    /// Serves on a loopback port until the task is cancelled.
    ///
    /// - Parameter onRunning: gets the port, which the system chooses if `port` is 0.
    public func run(port: Int, onRunning: @escaping @Sendable (Int) async -> Void) async throws {
        let router = Router()
        addOllamaRoutes(to: router)
        addOpenAIRoutes(to: router)
        router.get("/scripted/statistics") { _, _ in
            let counts = statistics.now
            let fields: [String: JSON] = [
                "requests": .number(Double(counts.requests)), "active": .number(Double(counts.active)),
                "most_active": .number(Double(counts.mostActive)), "abandoned": .number(Double(counts.abandoned)),
                "finished": .number(Double(counts.finished)),
            ]
            return Response(json: .object(fields))
        }
        var logger = Logger(label: "scripted-models")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }
}

extension Response {
    init(json value: JSON, status: HTTPResponse.Status = .ok) {
        let bytes = OllamaWire(model: "").json(value)
        self.init(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
