import AsyncHTTPClient
import Backends

extension HTTPClient {
    /// One pool of connections to model servers for the whole process; it ends with the process.
    static let modelServers = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .modelServers())
}
