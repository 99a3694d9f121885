public import AsyncHTTPClient
import NIOCore
import NIOSSL

extension HTTPClient.Configuration {
    /// The configuration of a client for ``QdrantClient``: a server that is not there is noticed at once, and redirects
    /// are not followed, which would carry the key elsewhere.
    ///
    /// - Parameter certificates: a PEM file of certificates to trust beside those of the system.
    /// - Throws: ``QdrantError`` with code `invalid` if the file has none.
    public static func qdrant(
        trusting certificates: String? = nil,
        connectTimeout: Duration = .seconds(3)
    ) throws(QdrantError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = Timeout(connect: TimeAmount(connectTimeout))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        if let certificates {
            var tls = TLSConfiguration.makeClientConfiguration()
            do {
                tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(certificates))]
            } catch {
                throw QdrantError(
                    .invalid, "\(certificates) is no file of certificates. Name one in PEM format.", underlying: error)
            }
            configuration.tlsConfiguration = tls
        }
        return configuration
    }
}
