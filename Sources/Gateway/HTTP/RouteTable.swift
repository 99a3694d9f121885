import HTTPTypes
import Hummingbird

/// The routes, and which methods a path has: Hummingbird's router does not tell a wrong method from an unknown path.
struct RouteTable {
    typealias Handler = @Sendable (Request, GatewayContext) async throws -> Response

    struct Route: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let handler: Handler
    }

    private(set) var routes: [Route] = []

    /// - Parameter path: with `:name` for a part that differs, and `**` for all that follows.
    mutating func on(_ method: HTTPRequest.Method, _ path: String, use handler: @escaping Handler) {
        routes.append(Route(method: method, path: path, handler: handler))
    }

    func add(to router: Router<GatewayContext>) {
        for route in routes {
            let handler = route.handler
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await handler(request, context)
            }
        }
    }

    /// Finds the methods of a path.
    var methods: Methods { Methods(routes: routes.map { ($0.path.split(separator: "/").map(String.init), $0.method) }) }

    struct Methods: Sendable {
        fileprivate let routes: [(path: [String], method: HTTPRequest.Method)]

        /// The methods that `path` allows; empty for a path that there is not.
        func allowed(on path: String) -> [HTTPRequest.Method] {
            let parts = path.split(separator: "/").map(String.init)
            return routes.filter { Self.matches(parts, $0.path) }.map(\.method)
        }

        private static func matches(_ parts: [String], _ pattern: [String]) -> Bool {
            for (index, expected) in pattern.enumerated() {
                if expected == "**" { return index < parts.count }
                guard index < parts.count, expected.hasPrefix(":") || expected == parts[index] else { return false }
            }
            return parts.count == pattern.count
        }
    }
}
