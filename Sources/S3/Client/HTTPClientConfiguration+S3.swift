public import AsyncHTTPClient
import NIOCore
public import NIOSSL

extension HTTPClient.Configuration {
    /// The configuration that ``S3Client`` needs: it tries again itself, and a redirect would break the signature.
    ///
    /// - Parameters:
    ///   - silence: a connection on which nothing comes for so long is given up; a reader who pauses longer loses its
    ///     stream.
    ///   - connections: to one server at the same time.
    public static func s3(
        silence: Duration = .seconds(60),
        connections: Int = 64,
        tls: TLSConfiguration? = nil
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.timeout = Timeout(
            connect: .seconds(5), read: .nanoseconds(Int64((silence / .nanoseconds(1)).rounded())))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        return configuration
    }
}
