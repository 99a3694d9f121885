import AsyncHTTPClient
import Synchronization

/// Pools of connections to servers, one for each kind of server and file of trusted certificates; they end with the process.
enum HTTPPools {
    private static let pools = Mutex<[String: HTTPClient]>([:])

    /// The pool of that name, made when it is asked for first.
    static func pool(_ name: String, configuration: () throws -> HTTPClient.Configuration) rethrows -> HTTPClient {
        try pools.withLock { pools in
            if let known = pools[name] { return known }
            let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration())
            pools[name] = made
            return made
        }
    }
}
