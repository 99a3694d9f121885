public import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// The part of Pulsar's admin REST API (`/admin/v2`) that sets a namespace up and moves its topics.
///
/// Topics are named in full, `persistent://tenant/namespace/topic`. All methods throw ``PulsarAdminError``.
public struct PulsarAdmin: Sendable {
    /// How long messages are kept after everybody has acknowledged them; -1 is without limit.
    public struct Retention: Codable, Hashable, Sendable {
        public var minutes: Int
        public var megabytes: Int

        public init(minutes: Int, megabytes: Int) {
            self.minutes = minutes
            self.megabytes = megabytes
        }

        private enum CodingKeys: String, CodingKey {
            case minutes = "retentionTimeInMinutes"
            case megabytes = "retentionSizeInMB"
        }
    }

    private let base: String
    private let token: String?
    private let timeout: TimeAmount
    private let client: HTTPClient

    /// - Parameters:
    ///   - url: of the web service, for example `http://127.0.0.1:8080`.
    ///   - token: sent as bearer token.
    /// - Throws: ``PulsarAdminError`` with code `invalidURL`.
    public init(
        url: String,
        token: String? = nil,
        timeout: Duration = .seconds(5),
        client: HTTPClient = .shared
    ) throws {
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme), parsed.host != nil else {
            throw PulsarAdminError(
                .invalidURL, "'\(url)' is no address of an admin API. Give one like http://127.0.0.1:8080.")
        }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
        self.timeout = TimeAmount(timeout)
        self.client = client
    }

    // MARK: Tenants and namespaces

    /// The names of the clusters that there are.
    public func clusters() async throws -> [String] { try await get("clusters") ?? [] }

    /// Whether there is a tenant of that name.
    public func hasTenant(_ tenant: String) async throws -> Bool {
        let tenants: [String]? = try await get("tenants")
        return tenants?.contains(tenant) ?? false
    }

    /// Makes a tenant that may use all of the clusters.
    public func createTenant(_ tenant: String, clusters: [String]) async throws {
        struct Body: Encodable {
            let adminRoles: [String]
            let allowedClusters: [String]
        }
        try await send(.PUT, "tenants/\(tenant)", Body(adminRoles: [], allowedClusters: clusters))
    }

    /// Whether the tenant has a namespace of that name.
    public func hasNamespace(_ namespace: String, of tenant: String) async throws -> Bool {
        let namespaces: [String]? = try await get("namespaces/\(tenant)")
        return namespaces?.contains("\(tenant)/\(namespace)") ?? false
    }

    /// Makes a namespace with the brokers' default policies; a `conflict` if there is one.
    public func createNamespace(_ namespace: String, of tenant: String) async throws {
        try await send(.PUT, "namespaces/\(tenant)/\(namespace)", String?.none)
    }

    /// `nil` where the brokers' default applies.
    public func retention(of namespace: String, of tenant: String) async throws -> Retention? {
        try await get("namespaces/\(tenant)/\(namespace)/retention")
    }

    /// Changes how long messages are kept, of all topics of the namespace.
    public func setRetention(_ retention: Retention, of namespace: String, of tenant: String) async throws {
        try await send(.POST, "namespaces/\(tenant)/\(namespace)/retention", retention)
    }

    /// How many bytes of a topic are compacted at a time; `nil` where the brokers' default applies, 0 never.
    public func compactionThreshold(of namespace: String, of tenant: String) async throws -> Int? {
        try await get("namespaces/\(tenant)/\(namespace)/compactionThreshold")
    }

    /// Changes when topics are compacted, of all topics of the namespace.
    public func setCompactionThreshold(_ bytes: Int, of namespace: String, of tenant: String) async throws {
        try await send(.PUT, "namespaces/\(tenant)/\(namespace)/compactionThreshold", bytes)
    }

    // MARK: Topics

    /// The topics of a namespace that keep their messages.
    public func topics(of namespace: String, of tenant: String) async throws -> [String] {
        try await get("persistent/\(tenant)/\(namespace)") ?? []
    }

    /// How many partitions a topic has; 0 for one without.
    public func partitions(of topic: String) async throws -> Int {
        struct Metadata: Decodable { let partitions: Int }
        let metadata: Metadata? = try await get("\(path(topic))/partitions")
        return metadata?.partitions ?? 0
    }

    /// Makes a topic without partitions.
    public func createTopic(_ topic: String) async throws { try await send(.PUT, path(topic), String?.none) }

    /// Makes a topic whose messages are spread over so many partitions.
    public func createTopic(_ topic: String, partitions: Int) async throws {
        try await send(.PUT, "\(path(topic))/partitions", partitions)
    }

    /// Adds partitions to a topic that has fewer.
    public func setPartitions(_ count: Int, of topic: String) async throws {
        try await send(.POST, "\(path(topic))/partitions", count)
    }

    /// Lets another broker, or the same one anew, serve the topic: its clients have to connect again.
    public func unload(_ topic: String) async throws { try await send(.PUT, "\(path(topic))/unload", String?.none) }

    /// Closes a topic for good: what is in it can still be read.
    public func terminate(_ topic: String) async throws {
        try await send(.POST, "\(path(topic))/terminate", String?.none)
    }

    /// Begins to compact a topic.
    public func compact(_ topic: String) async throws {
        try await send(.PUT, "\(path(topic))/compaction", String?.none)
    }

    /// Whether the compaction that was begun last is over.
    ///
    /// - Throws: ``PulsarAdminError`` with code `failed` if it went wrong.
    public func isCompacted(_ topic: String) async throws -> Bool {
        struct Status: Decodable {
            let status: String
            let lastError: String?
        }
        let state: Status? = try await get("\(path(topic))/compaction")
        guard state?.status != "ERROR" else {
            throw PulsarAdminError(.failed, "\(topic) cannot be compacted: \(state?.lastError ?? "no reason given")")
        }
        return state?.status == "SUCCESS"
    }

    /// The names of a topic's subscriptions.
    public func subscriptions(of topic: String) async throws -> [String] {
        try await get("\(path(topic))/subscriptions") ?? []
    }

    /// Makes a subscription that begins with the topic's first message.
    public func createSubscription(_ name: String, of topic: String) async throws {
        struct Earliest: Encodable {
            let ledgerId = -1
            let entryId = -1
        }
        try await send(.PUT, "\(path(topic))/subscription/\(name)", Earliest())
    }

    // MARK: Requests

    private func path(_ topic: String) -> String { topic.replacing("://", with: "/") }

    /// `nil` for an empty answer and for `null`.
    private func get<Value: Decodable>(_ path: String) async throws -> Value? {
        let (status, body) = try await exchange(.GET, path, nil)
        guard status != 204, !body.isEmpty else { return nil }
        do { return try JSONDecoder().decode(Value?.self, from: body) } catch {
            throw PulsarAdminError(.failed, "\(base)/admin/v2/\(path) answered something else than the API says.")
        }
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: (some Encodable)?) async throws {
        let data: Data?
        do { data = try body.map { try JSONEncoder().encode($0) } } catch {
            throw PulsarAdminError(.failed, "The request to \(path) cannot be written: \(error)")
        }
        _ = try await exchange(method, path, data)
    }

    private func exchange(_ method: HTTPMethod, _ path: String, _ body: Data?) async throws -> (UInt, Data) {
        var request = HTTPClientRequest(url: "\(base)/admin/v2/\(path)")
        request.method = method
        request.headers.add(name: "Accept", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: body))
        }
        let status: UInt
        let answer: Data
        do {
            let response = try await client.execute(request, timeout: timeout)
            status = response.status.code
            answer = Data(buffer: try await response.body.collect(upTo: 16 << 20))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw PulsarAdminError(.unreachable, "Pulsar's admin API does not answer at \(base): \(error)")
        }
        guard (200..<300).contains(status) else { throw failure(status, method, path, answer) }
        return (status, answer)
    }

    private func failure(_ status: UInt, _ method: HTTPMethod, _ path: String, _ answer: Data) -> PulsarAdminError {
        struct Reason: Decodable { let reason: String? }
        let reason = (try? JSONDecoder().decode(Reason.self, from: answer))?.reason ?? ""
        let what = "\(method.rawValue) \(base)/admin/v2/\(path): \(status)\(reason.isEmpty ? "" : " \(reason)")"
        switch status {
        case 401, 403:
            return PulsarAdminError(.notAllowed, "\(what). Give a token that may administer the tenant.")
        case 404: return PulsarAdminError(.notFound, what)
        case 409: return PulsarAdminError(.conflict, what)
        case 502, 503, 504: return PulsarAdminError(.unreachable, what)
        default: return PulsarAdminError(.failed, what)
        }
    }
}
