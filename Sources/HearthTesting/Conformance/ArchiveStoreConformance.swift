import FoundationEssentials
public import Hearth
import Testing

/// What every ``ArchiveStore`` does. Each of the ``behaviours`` is run against a store that has nothing under
/// ``ArchiveObject/prefix``.
public struct ArchiveStoreConformance: Sendable {
    private let archive: any ArchiveStore
    private let prefix = ArchiveObject.prefix

    public init(_ archive: any ArchiveStore) { self.archive = archive }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

    private func keys(_ prefix: String) async throws -> [String] {
        var keys: [String] = []
        for try await listing in try await archive.list(prefix) { keys.append(listing.key) }
        return keys
    }

    /// An object is read as it was written, whole and in parts.
    public func keepsObjects() async throws {
        let (key, content) = (prefix + "p/a.jsonl.zst", bytes(100_000))
        #expect(try await archive.listing(key) == nil)
        try await archive.put(content, at: key)
        #expect(try await archive.read(key, bytes: 0..<content.count) == content)
        #expect(try await archive.read(key, bytes: 70_000..<70_003) == Array(content[70_000..<70_003]))
        let listing = try #require(try await archive.listing(key))
        #expect(listing.key == key && listing.bytes == content.count)
        #expect(abs(listing.storedAt.timeIntervalSinceNow) < 3_600)
    }

    /// What is there already is left as it is.
    public func writesOnce() async throws {
        let key = prefix + "p/once.jsonl.zst"
        try await archive.put(bytes(1_000), at: key)
        try await archive.put(bytes(1_000), at: key)
        #expect(try await archive.read(key, bytes: 0..<1_000) == bytes(1_000))
        let error = await #expect(throws: StoreError.self) { try await archive.put(bytes(999), at: key) }
        #expect(error?.code == .corrupt)
        #expect(try await archive.listing(key)?.bytes == 1_000)
    }

    /// What is not there, or ends too early, is told apart.
    public func refuses() async throws {
        let key = prefix + "p/short.jsonl.zst"
        try await archive.put(bytes(10), at: key)
        let missing = await #expect(throws: StoreError.self) {
            _ = try await archive.read(prefix + "p/none", bytes: 0..<1)
        }
        #expect(missing?.code == .notFound)
        let short = await #expect(throws: StoreError.self) { _ = try await archive.read(key, bytes: 5..<11) }
        #expect(short?.code == .corrupt)
    }

    /// A listing has what is below the prefix, in the order of the keys.
    public func lists() async throws {
        for name in ["b/2", "a/1", "b/1", "_/0"] { try await archive.put(bytes(3), at: prefix + name) }
        #expect(try await keys(prefix) == ["_/0", "a/1", "b/1", "b/2"].map { prefix + $0 })
        #expect(try await keys(prefix + "b/") == ["b/1", "b/2"].map { prefix + $0 })
        #expect(try await keys(prefix + "none/").isEmpty)
    }

    /// What was deleted is gone, and deleting it again is no error.
    public func deletes() async throws {
        let key = prefix + "p/gone.jsonl.zst"
        try await archive.put(bytes(3), at: key)
        try await archive.delete(key)
        try await archive.delete(key)
        #expect(try await archive.listing(key) == nil)
        #expect(try await keys(prefix).isEmpty)
        try await archive.put(bytes(4), at: key)
        #expect(try await archive.listing(key)?.bytes == 4)
    }
}

extension ArchiveStoreConformance {
    public static let behaviours: [Behaviour<ArchiveStoreConformance>] = [
        Behaviour("keepsObjects") { try await $0.keepsObjects() },
        Behaviour("writesOnce") { try await $0.writesOnce() },
        Behaviour("refuses") { try await $0.refuses() },
        Behaviour("lists") { try await $0.lists() },
        Behaviour("deletes") { try await $0.deletes() },
    ]
}
