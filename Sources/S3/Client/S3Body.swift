import AsyncHTTPClient
import Crypto
public import NIOCore

/// What a PUT sends.
public struct S3Body: Sendable {
    let length: Int
    let payloadHash: String
    /// Whether it can be sent again after an attempt that failed.
    let isRepeatable: Bool
    let make: @Sendable () -> HTTPClientRequest.Body?

    /// Bytes in memory; they are hashed and signed.
    public static func bytes(_ bytes: [UInt8]) -> S3Body { .buffer(ByteBuffer(bytes: bytes)) }

    /// Bytes in memory; they are hashed and signed.
    public static func buffer(_ buffer: ByteBuffer) -> S3Body {
        guard buffer.readableBytes > 0 else { return .empty }
        let hash = buffer.withUnsafeReadableBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: bytes)
            return Hexadecimal.text(hash.finalize())
        }
        return S3Body(length: buffer.readableBytes, payloadHash: hash, isRepeatable: true) { .bytes(buffer) }
    }

    /// Bytes that come while they are sent. They are not hashed, and a failed attempt is not repeated.
    ///
    /// - Parameter length: exactly as many bytes as come: S3 needs to know before.
    public static func stream<Chunks: AsyncSequence & Sendable>(length: Int, _ chunks: Chunks) -> S3Body
    where Chunks.Element == ByteBuffer {
        S3Body(length: length, payloadHash: S3Signer.unsignedPayload, isRepeatable: false) {
            .stream(chunks, length: .known(Int64(length)))
        }
    }

    static let empty = S3Body(length: 0, payloadHash: S3Signer.emptyPayload, isRepeatable: true) { nil }

    static func text(_ text: String) -> S3Body { .bytes(Array(text.utf8)) }
}
