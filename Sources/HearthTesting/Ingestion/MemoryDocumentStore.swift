public import Hearth
import Synchronization

/// Documents in memory, which a test can change.
public final class MemoryDocumentStore: DocumentStore {
    private struct State {
        var documents: [String: [UInt8]] = [:]
        var isUnreachable = false
    }

    private let state = Mutex(State())

    public init(_ documents: [String: String] = [:]) {
        state.withLock { $0.documents = documents.mapValues { Array($0.utf8) } }
    }

    public var location: String { "memory" }

    /// Writes a document, new or changed.
    public func put(_ path: String, _ text: String) { put(path, bytes: Array(text.utf8)) }

    /// Writes a document of any bytes.
    public func put(_ path: String, bytes: [UInt8]) { state.withLock { $0.documents[path] = bytes } }

    /// Removes a document.
    public func delete(_ path: String) { state.withLock { $0.documents[path] = nil } }

    /// Makes every call fail, as a server does that is away.
    public func setUnreachable(_ isUnreachable: Bool) { state.withLock { $0.isUnreachable = isUnreachable } }

    public func list() async throws -> any AsyncSequence<DocumentListing, any Error> & Sendable {
        let documents = try snapshot()
        guard !documents.isEmpty else { throw StoreError.nothing(at: location, check: "the test") }
        let listings = documents.map { path, bytes in
            DocumentListing(path: path, size: bytes.count, tag: Digest.sha256(bytes))
        }
        return Listing(listings: listings.sorted { $0.path < $1.path })
    }

    public func read(_ path: String, limit: Int) async throws -> Document? {
        guard let bytes = try snapshot()[path] else { return nil }
        guard bytes.count <= limit else { throw StoreError(.tooLarge, "\(path) is larger than \(limit) bytes.") }
        let hash = Digest.sha256(bytes)
        return Document(path: path, tag: hash, version: hash, bytes: bytes)
    }

    private func snapshot() throws -> [String: [UInt8]] {
        let (documents, isUnreachable) = state.withLock { ($0.documents, $0.isUnreachable) }
        guard !isUnreachable else { throw StoreError(.unreachable, "The store does not answer. Try again.") }
        return documents
    }

    private struct Listing: AsyncSequence, Sendable {
        typealias Failure = any Error
        let listings: [DocumentListing]

        struct Iterator: AsyncIteratorProtocol {
            var rest: ArraySlice<DocumentListing>
            mutating func next() async throws -> DocumentListing? { rest.popFirst() }
        }

        func makeAsyncIterator() -> Iterator { Iterator(rest: listings[...]) }
    }
}
