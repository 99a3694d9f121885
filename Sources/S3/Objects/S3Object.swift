import NIOCore

/// An object whose bytes are read as they are asked for.
public struct S3Object: Sendable {
    public let head: S3ObjectHead
    /// Can be iterated once; stopping to iterate closes the connection.
    public let body: S3ObjectBody

    /// The whole of what was asked for.
    ///
    /// - Throws: ``S3Error`` `interrupted`, or `invalidRequest` if it is more than `limit` bytes.
    public func bytes(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(head.size, limit))
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= limit else {
                throw S3Error(.invalidRequest, "The object has more than \(limit) bytes. Read it as a stream.")
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }
}
