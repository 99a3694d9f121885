public import FoundationEssentials
public import Hearth

/// An archive in memory.
public actor MemoryArchiveStore: ArchiveStore {
    public nonisolated let location = "memory"
    private let clock: @Sendable () -> Date
    private var objects: [String: (bytes: [UInt8], storedAt: Date)] = [:]
    /// Thrown by everything while it is set: an archive that is away.
    private var failure: StoreError?
    private var isHanging = false

    public init(clock: @escaping @Sendable () -> Date = { Date() }) { self.clock = clock }

    /// Makes every call fail with `error`, or work again.
    public func fail(with error: StoreError?) { failure = error }

    /// Makes every call wait until it is cancelled, as for a server that hangs, or work again.
    public func hang(_ isHanging: Bool) { self.isHanging = isHanging }

    /// Damages an object, as a disk might.
    public func damage(_ key: String) { objects[key]?.bytes[0] ^= 0xff }

    /// The keys of all objects, in order.
    public var keys: [String] { objects.keys.sorted() }

    public func put(_ bytes: [UInt8], at key: String) async throws {
        try await check()
        if let known = objects[key] {
            guard known.bytes.count == bytes.count else { throw StoreError(.corrupt, "\(key) has another size.") }
            return
        }
        objects[key] = (bytes, clock())
    }

    public func read(_ key: String, bytes range: Range<Int>) async throws -> [UInt8] {
        try await check()
        guard let object = objects[key] else { throw StoreError(.notFound, "There is no \(key).") }
        guard range.upperBound <= object.bytes.count else { throw StoreError(.corrupt, "\(key) is too short.") }
        return Array(object.bytes[range])
    }

    public func listing(_ key: String) async throws -> ArchiveListing? {
        try await check()
        return objects[key].map { ArchiveListing(key: key, bytes: $0.bytes.count, storedAt: $0.storedAt) }
    }

    public func delete(_ key: String) async throws {
        try await check()
        objects[key] = nil
    }

    public func list(_ prefix: String) async throws -> any AsyncSequence<ArchiveListing, any Error> & Sendable {
        try await check()
        let listings = objects.keys.filter { $0.hasPrefix(prefix) }.sorted().compactMap { key in
            objects[key].map { ArchiveListing(key: key, bytes: $0.bytes.count, storedAt: $0.storedAt) }
        }
        return Listing(listings: listings)
    }

    private struct Listing: AsyncSequence, Sendable {
        typealias Failure = any Error
        let listings: [ArchiveListing]

        struct Iterator: AsyncIteratorProtocol {
            var rest: ArraySlice<ArchiveListing>
            mutating func next() async throws -> ArchiveListing? { rest.popFirst() }
        }

        func makeAsyncIterator() -> Iterator { Iterator(rest: listings[...]) }
    }

    private func check() async throws {
        if let failure { throw failure }
        guard isHanging else { return }
        let (never, source) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        for await _ in never {}
        source.finish()
        throw CancellationError()
    }
}
