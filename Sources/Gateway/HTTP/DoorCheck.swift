import HTTPTypes
import Hearth
import Hummingbird

/// Lets in who may: by API key or, where there is none, whoever is on this machine.
struct DoorCheck: RouterMiddleware {
    /// Paths that need no key: a probe has none, and the page asks for one.
    private static let open: Set<String> = ["/", "/healthz", "/readyz"]

    let keys: KeyRing?
    let isLoopback: Bool

    @concurrent
    func handle(
        _ request: Request,
        context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard !Self.open.contains(path), !Self.isHook(path) else { return try await next(request, context) }
        var context = context
        if let keys, try !keys.isEmpty() || !isLoopback {
            context.caller = try caller(request, keys: keys)
        } else {
            try checkOrigin(request)
        }
        return try await next(request, context)
    }

    /// An object store has no API key; the route asks for a secret of its own.
    private static func isHook(_ path: String) -> Bool {
        path == S3HookRoute.path || path.hasPrefix(S3HookRoute.path + "/")
    }

    private func caller(_ request: Request, keys: KeyRing) throws -> Caller {
        guard let sent = Self.key(request) else {
            throw Self.refusal(
                "No API key was sent. Send one as 'Authorization: Bearer …'; make one with: hearth keys create <name>")
        }
        guard let key = try keys.find(sent) else {
            throw Self.refusal("The API key is not valid. Make one with: hearth keys create <name>")
        }
        return Caller(name: key.name, projects: key.projects)
    }

    private static func key(_ request: Request) -> String? {
        if let field = request.headers[.authorization] {
            let parts = field.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer" { return String(parts[1]).trimmingWhitespace() }
        }
        return request.headers[.apiKey]
    }

    private static func refusal(_ message: String) -> APIError {
        APIError(.unauthorized, message, code: "invalid_api_key")
    }

    /// Without keys, a page of another site must not reach the gateway through somebody's browser: neither by posting
    /// to it nor by a name that suddenly means this machine.
    private func checkOrigin(_ request: Request) throws {
        let host = request.head.authority ?? request.headers[.host]
        if let host, !Self.isLocal(host) {
            throw APIError(
                .forbidden,
                "Without API keys this gateway answers on local names only, not on '\(host)'. Make a key: hearth keys create <name>",
                code: "host_not_allowed")
        }
        if let origin = request.headers[.origin] {
            let rest = origin.split(separator: "/", omittingEmptySubsequences: true)
            guard rest.count == 2, Self.isLocal(String(rest[1])) else {
                throw APIError(.forbidden, "Requests from '\(origin)' need an API key.", code: "origin_not_allowed")
            }
        }
    }

    /// Whether an authority (`host` or `host:port`) names this machine.
    static func isLocal(_ authority: String) -> Bool {
        let name: Substring
        if authority.hasPrefix("[") {
            name = authority.prefix { $0 != "]" }.dropFirst()
        } else {
            name = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0]
        }
        if name == "::1" || name.lowercased() == "localhost" || name.lowercased().hasSuffix(".localhost") {
            return true
        }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
