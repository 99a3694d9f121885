public import AsyncHTTPClient
import NIOCore

extension HTTPClient.Configuration {
    /// The configuration that clients of model servers need: a server that is not there is noticed at once, and one
    /// that reads a long prompt is waited for.
    ///
    /// - Parameter silence: how long a server may send nothing before the connection is given up.
    public static func modelServers(silence: Duration = .seconds(600)) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = Timeout(
            connect: .seconds(3), read: .nanoseconds(Int64((silence / .nanoseconds(1)).rounded())))
        configuration.connectionPool.retryConnectionEstablishment = false
        // One connection per answer at a time; the worker's slots are the limit. The library's default is 8.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        return configuration
    }
}

extension HTTPClient {
    /// Sends a request that changes nothing, once more if the server closed a pooled connection in the moment that it
    /// went out: vLLM does so after five idle seconds.
    func executeAgainIfStale(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        do {
            return try await execute(request, deadline: deadline)
        } catch let error as HTTPClientError where error == .remoteConnectionClosed {
            return try await execute(request, deadline: deadline)
        } catch let error as ChannelError where error == .ioOnClosedChannel {
            return try await execute(request, deadline: deadline)
        } catch is IOError {
            return try await execute(request, deadline: deadline)
        }
    }
}
