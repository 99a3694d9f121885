import Glibc
import Hearth
import Synchronization

/// An archive that kills its own process at a given step: before or after the call of that number.
final class StoppingArchive: ArchiveStore {
    private let archive: any ArchiveStore
    private let last: Int
    private let step = Mutex(0)

    /// - Parameter last: 1 is before the first call, 2 after it, 3 before the second, ….
    init(_ archive: any ArchiveStore, last: Int) {
        self.archive = archive
        self.last = last
    }

    var location: String { archive.location }

    func put(_ bytes: [UInt8], at key: String) async throws {
        try await stopping { try await archive.put(bytes, at: key) }
    }

    func read(_ key: String, bytes range: Range<Int>) async throws -> [UInt8] {
        try await stopping { try await archive.read(key, bytes: range) }
    }

    func listing(_ key: String) async throws -> ArchiveListing? {
        try await stopping { try await archive.listing(key) }
    }

    func delete(_ key: String) async throws { try await stopping { try await archive.delete(key) } }

    func list(_ prefix: String) async throws -> any AsyncSequence<ArchiveListing, any Error> & Sendable {
        try await archive.list(prefix)
    }

    private func stopping<Value>(_ body: () async throws -> Value) async throws -> Value {
        count()
        let value = try await body()
        count()
        return value
    }

    private func count() {
        let number = step.withLock { step in
            step += 1
            return step
        }
        if number == last { kill(getpid(), SIGKILL) }
    }
}
