import Hearth

/// The documents of an archive, all known before the first is handed out.
struct UnpackedListing: AsyncSequence, Sendable {
    typealias Element = DocumentListing
    typealias Failure = any Error

    let listings: [DocumentListing]

    func makeAsyncIterator() -> Iterator { Iterator(rest: listings[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<DocumentListing>

        mutating func next() async throws -> DocumentListing? { rest.popFirst() }
    }
}
