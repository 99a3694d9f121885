import FoundationEssentials

/// Cuts points into the bodies of requests, none of which is too large or has too many.
struct UpsertBatches {
    private static let opening = Data("{\"points\":[".utf8)
    private static let closing = Data("]}".utf8)

    private let limits: QdrantBatchLimits
    private var body = opening
    private var count = 0

    init(limits: QdrantBatchLimits) { self.limits = limits }

    /// Adds a point in JSON; returns the body that is full without it.
    ///
    /// - Throws: `tooLarge` for a point that is so alone.
    mutating func add(_ point: Data) throws(QdrantError) -> Data? {
        let around = Self.opening.count + Self.closing.count
        guard point.count + around <= limits.bytes else {
            throw QdrantError(
                .tooLarge, "A point has \(point.count) bytes, and a request takes \(limits.bytes). Make it smaller.")
        }
        var full: Data?
        if count >= max(1, limits.points) || body.count + 1 + point.count + Self.closing.count > limits.bytes {
            full = finish()
        }
        if count > 0 { body.append(UInt8(ascii: ",")) }
        body.append(point)
        count += 1
        return full
    }

    /// The body of what is left; `nil` if nothing is.
    mutating func finish() -> Data? {
        guard count > 0 else { return nil }
        defer {
            body = Self.opening
            count = 0
        }
        return body + Self.closing
    }
}
