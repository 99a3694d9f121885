public import FoundationEssentials

/// The rows of a `COPY … TO STDOUT` in the format of the statement: pieces of whole rows. The next ones are asked for when
/// the reader wants them.
public struct PostgresCopiedRows: AsyncSequence, Sendable {
    public typealias Element = Data

    let connection: PostgresConnection
    let timeout: Duration?

    public struct AsyncIterator: AsyncIteratorProtocol {
        let connection: PostgresConnection
        let timeout: Duration?
        var hasEnded = false

        public mutating func next() async throws -> Data? {
            guard !hasEnded else { return nil }
            let piece = try await connection.nextCopied(timeout: timeout)
            hasEnded = piece == nil
            return piece
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(connection: connection, timeout: timeout) }
}
