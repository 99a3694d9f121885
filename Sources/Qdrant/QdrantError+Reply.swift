import FoundationEssentials

extension QdrantError {
    /// The error that a reply with another status than 2xx stands for.
    ///
    /// - Parameter body: `{"status": {"error": …}}`, or plain text from in front of the API.
    init(status: Int, body: Data, retryAfter: String?, server: String) {
        struct Failure: Decodable {
            struct Status: Decodable { let error: String }
            let status: Status
        }
        let words =
            (try? JSONDecoder().decode(Failure.self, from: body))?.status.error
            ?? String(decoding: body.prefix(300), as: UTF8.self)
        let said = words.isEmpty ? "no reason given" : words
        func error(_ code: Code, _ message: String, after delay: Duration? = nil) -> QdrantError {
            QdrantError(code, message, status: status, retryAfter: delay)
        }
        switch status {
        case 401:
            self = error(.unauthorized, "Qdrant at \(server) wants another API key: \(said). Check the configured key.")
        case 403: self = error(.forbidden, "Qdrant at \(server) does not allow this: \(said)")
        case 404: self = error(.notFound, "Qdrant at \(server): \(said)")
        case 409: self = error(.alreadyExists, "Qdrant at \(server): \(said)")
        case 408: self = error(.timedOut, "Qdrant at \(server) took too long: \(said)")
        case 413: self = error(.tooLarge, "The request is too large for Qdrant at \(server): \(said)")
        case 429:
            self = error(
                .rateLimited, "Qdrant at \(server) has too many requests: \(said)",
                after: retryAfter.flatMap { Double($0) }.map { .seconds(min(max($0, 0), 3_600)) })
        case 502, 503, 504: self = error(.unavailable, "Qdrant at \(server) is not available: \(said)")
        case 507: self = error(.full, "Qdrant at \(server) has no room left: \(said). Free some or add a disk.")
        case 400..<500: self = error(.invalid, "Qdrant at \(server) refused the request: \(said)")
        case 500...: self = error(.failed, "Qdrant at \(server) failed: \(said)")
        default: self = error(.malformedReply, "\(server) answered \(status), which Qdrant does not.")
        }
    }
}
