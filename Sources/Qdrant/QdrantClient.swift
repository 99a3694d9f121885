public import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// Speaks Qdrant's REST API.
///
/// All methods throw ``QdrantError``, or `CancellationError` when the task is cancelled. A failure that may pass is
/// tried again by ``QdrantRetryPolicy`` within the time for a call. Writes return when they can be read.
public struct QdrantClient: Sendable {
    public let configuration: QdrantConfiguration
    let connection: QdrantConnection
    private let knownVersion = KnownVersion()

    /// - Parameter http: made with ``AsyncHTTPClient/HTTPClient/Configuration/qdrant(trusting:connectTimeout:)``; the
    ///   caller shuts it down.
    /// - Throws: ``QdrantError`` with code `invalid` if the address is none.
    public init(_ configuration: QdrantConfiguration, http: HTTPClient) throws(QdrantError) {
        self.configuration = configuration
        connection = try QdrantConnection(configuration, http: http)
    }

    /// The server's version. Asked for once.
    public func version() async throws -> QdrantVersion {
        if let version = knownVersion.value { return version }
        struct Title: Decodable { let version: String }
        let data = try await connection.send(.GET, "/", [], nil)
        guard let title = try? JSONDecoder().decode(Title.self, from: data), let version = QdrantVersion(title.version)
        else {
            throw QdrantError(
                .malformedReply, "\(connection.server) does not say which version it is; is it a Qdrant server?")
        }
        knownVersion.value = version
        return version
    }

    /// Throws `unsupported` if the server is older than `version`.
    public func require(_ version: QdrantVersion, for purpose: String) async throws {
        let found = try await self.version()
        guard found >= version else {
            throw QdrantError(
                .unsupported, "\(purpose) needs Qdrant \(version), and \(connection.server) is \(found). Update it.")
        }
    }

    func read<Result: Decodable>(_ path: String, _ body: (some Encodable)?) async throws -> Result {
        var parameters = [("timeout", connection.timeoutSeconds)]
        if let consistency = configuration.readConsistency {
            parameters.append(("consistency", consistency.rawValue))
        }
        return try await connection.call(.POST, path, parameters, try body.map { try connection.encoded($0) })
    }

    /// Sends a write and waits until it can be read.
    func write(_ method: HTTPMethod, _ path: String, _ body: Data) async throws {
        struct Update: Decodable { let status: String }
        var parameters = [("wait", "true"), ("timeout", connection.timeoutSeconds)]
        if let ordering = configuration.writeOrdering { parameters.append(("ordering", ordering.rawValue)) }
        _ = try await connection.call(method, path, parameters, body) { (update: Update) in
            guard update.status != "completed" else { return }
            throw QdrantError(
                .incomplete, "Qdrant at \(connection.server) has taken a write but not done it (\(update.status)).")
        }
    }

    func path(_ collection: String, _ rest: String = "") -> String {
        "/collections/" + PathSegment.encoded(collection) + rest
    }
}
