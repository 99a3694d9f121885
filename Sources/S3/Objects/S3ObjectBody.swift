import AsyncHTTPClient
public import NIOCore

/// The bytes of an object, read from the connection only as they are asked for.
///
/// Throws ``S3Error`` `interrupted` if they break off before the end that the server announced.
public struct S3ObjectBody: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer
    public typealias Failure = any Error

    private let body: HTTPClientResponse.Body
    private let name: String

    init(_ body: HTTPClientResponse.Body, of name: String) {
        self.body = body
        self.name = name
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks: body.makeAsyncIterator(), name: name) }

    /// Reads on when it is asked.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: HTTPClientResponse.Body.AsyncIterator
        private let name: String

        init(chunks: HTTPClientResponse.Body.AsyncIterator, name: String) {
            self.chunks = chunks
            self.name = name
        }

        @concurrent
        public mutating func next() async throws -> ByteBuffer? {
            do {
                let chunk = try await chunks.next()
                try Task.checkCancellation()
                return chunk
            } catch {
                try Task.checkCancellation()
                throw S3Error(.interrupted, "\(name): the connection broke. Try again.", underlying: error)
            }
        }
    }
}
