import FoundationEssentials
import HTTPTypes
import Hearth

/// Recognises a request that was sent before.
///
/// SDKs post again by themselves after an error of the connection, without an idempotency key, but they count: the
/// header `x-stainless-retry-count` is 1 or more. A first attempt leaves the hash of its body for its retries to find;
/// two people who ask the same at the same time are still two.
struct RepeatCheck: Hashable, Sendable {
    let deduplication: Deduplication
    /// Whether an equal key within the window is the same request.
    let mayJoin: Bool

    init(headers: HTTPFields, body: Data, owner: String) {
        let bodyHash = Digest.sha256(body)
        if let key = headers[.idempotencyKey] ?? headers[.clientRequestID], !key.isEmpty {
            deduplication = Deduplication(key: Digest.sha256(of: ["key", owner, key]), bodyHash: bodyHash)
            mayJoin = true
        } else {
            deduplication = Deduplication(key: Digest.sha256(of: ["body", owner, bodyHash]), bodyHash: bodyHash)
            mayJoin = headers[.retryCount].flatMap { Int($0) }.map { $0 > 0 } ?? false
        }
    }
}
