public import Hearth
import Testing

/// What every ``DocumentStore`` does, given a store that holds exactly ``documents``, and others that hold next to nothing.
public struct DocumentStoreConformance: Sendable {
    /// What the store must hold.
    public static let documents: [String: String] = [
        "README.md": "# Title\n", "Sources/a b+c.swift": "let a = 1\n", "Sources/é/ü.swift": "let ü = 2\n",
        "z.txt": "z",
    ]

    private let store: any DocumentStore

    public init(_ store: any DocumentStore) { self.store = store }

    /// The listing has every document once, in the order of the paths' bytes, with its size.
    public func listsInOrder() async throws {
        var listings: [DocumentListing] = []
        for try await listing in try await store.list() where listing.skipped == nil { listings.append(listing) }
        let paths = Self.documents.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(listings.map(\.path) == paths)
        #expect(listings.map(\.size) == paths.map { Self.documents[$0]?.utf8.count })
        #expect(listings.allSatisfy { !$0.tag.isEmpty })
    }

    /// A document is read whole, with the tag of the listing and a version that names its content.
    public func readsWhatItLists() async throws {
        for try await listing in try await store.list() where listing.skipped == nil {
            let document = try #require(try await store.read(listing.path, limit: 1 << 20))
            #expect(String(decoding: document.bytes, as: UTF8.self) == Self.documents[listing.path])
            #expect(document.tag == listing.tag && !document.version.isEmpty)
        }
    }

    /// A store in which there is nothing is an error that says what to do, never an empty codebase; named paths are gone.
    public static func isNeverEmpty(_ nothing: any DocumentStore) async throws {
        let error = await #expect(throws: StoreError.self) {
            for try await listing in try await nothing.list() { Issue.record("\(listing) is not there") }
        }
        #expect(error?.code == .empty && error?.isRetriable == false)
        #expect(
            error?.message.contains(nothing.location) == true && error?.message.contains("nothing was changed") == true)
        #expect(try await nothing.listings(of: ["README.md"]).isEmpty)
    }

    /// A store that holds nothing but an empty `.hearthignore` was emptied on purpose: that is all there is to list.
    public static func isEmptiedByAnIgnoreFile(_ emptied: any DocumentStore) async throws {
        var paths: [String] = []
        for try await listing in try await emptied.list() { paths.append(listing.path) }
        #expect(paths == [".hearthignore"])
    }

    /// What is not there is `nil`, and what is too large an error.
    public func refuses() async throws {
        #expect(try await store.read("none.swift", limit: 100) == nil)
        await #expect(throws: StoreError.self) { try await store.read("README.md", limit: 3) }
    }
}
