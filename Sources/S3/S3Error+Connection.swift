import NIOSSL

extension S3Error {
    /// The error that a failed attempt to send a request stands for.
    ///
    /// - Parameter what: what was asked for, for people: `GET s3://bucket/key`.
    init(connecting error: any Error, what: String, endpoint: String) {
        guard Self.isRefusal(error) else {
            self.init(
                .unreachable, "\(what): \(endpoint) does not answer. Check that the server runs, and the endpoint.",
                underlying: error)
            return
        }
        self.init(
            .untrusted,
            "\(what): \(endpoint) has no certificate that is trusted here for this host. Trust the authority that signed "
                + "it, and check the endpoint's scheme and name.", underlying: error)
    }

    /// Whether it was this side that did not want to go on; a server that hung up says nothing of its certificate.
    private static func isRefusal(_ error: any Error) -> Bool {
        if let error = error as? NIOSSLExtraError { return error == .failedToValidateHostname }
        guard case .handshakeFailed(let reason)? = error as? NIOSSLError else { return false }
        return reason != .sslError([.eofDuringHandshake])
    }
}
