/// All objects of a prefix, in the order of their keys' bytes; the next page is asked for when the last is used up.
///
/// Throws ``S3Error``: a listing that breaks off does not end quietly.
public struct S3ObjectListing: AsyncSequence, Sendable {
    public typealias Element = S3ObjectSummary
    public typealias Failure = any Error

    let client: S3Client
    let bucket: String
    let prefix: String
    let startAfter: String?
    let pageSize: Int

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(listing: self) }

    /// Asks for pages as they are needed.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        private let listing: S3ObjectListing
        private var objects: ArraySlice<S3ObjectSummary> = []
        private var continuation: String?
        private var hasBegun = false

        init(listing: S3ObjectListing) { self.listing = listing }

        @concurrent
        public mutating func next() async throws -> S3ObjectSummary? {
            while objects.isEmpty {
                if hasBegun, continuation == nil { return nil }
                try await turnPage()
            }
            return objects.popFirst()
        }

        /// Asks for the first page now, so that a bucket that cannot be read is an error before anything is iterated.
        @concurrent
        public mutating func begin() async throws {
            if !hasBegun { try await turnPage() }
        }

        @concurrent
        private mutating func turnPage() async throws {
            let page = try await listing.client.listPage(
                of: listing.bucket, prefix: listing.prefix, startAfter: hasBegun ? nil : listing.startAfter,
                continuation: continuation, limit: listing.pageSize)
            objects = page.objects[...]
            continuation = page.continuation
            hasBegun = true
        }
    }
}
