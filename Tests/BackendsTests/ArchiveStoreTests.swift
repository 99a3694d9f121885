import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Testing

@Suite("Archives")
struct ArchiveStoreTests {
    @Test("a folder does what every archive does", arguments: ArchiveStoreConformance.behaviours, [true, false])
    func folder(behaviour: Behaviour<ArchiveStoreConformance>, fsync: Bool) async throws {
        try await withTemporaryFolder { folder in
            try await behaviour.run(
                ArchiveStoreConformance(FolderArchiveStore(root: folder + "/archive", fsync: fsync)))
        }
    }

    @Test("memory does what every archive does", arguments: ArchiveStoreConformance.behaviours)
    func memory(behaviour: Behaviour<ArchiveStoreConformance>) async throws {
        try await behaviour.run(ArchiveStoreConformance(MemoryArchiveStore()))
    }

    @Test("what a writer left that ended is no object, and empty folders do not stay")
    func leavesNothing() async throws {
        try await withTemporaryFolder { folder in
            let archive = FolderArchiveStore(root: folder, fsync: false)
            let key = ArchiveObject.prefix + "p/a.jsonl.zst"
            try await archive.put([1, 2, 3], at: key)
            #expect(FileManager.default.createFile(atPath: "\(folder)/\(key).77.draft", contents: nil))
            var keys: [String] = []
            for try await listing in try await archive.list(ArchiveObject.prefix) { keys.append(listing.key) }
            #expect(keys == [key])
            try FileManager.default.removeItem(atPath: "\(folder)/\(key).77.draft")
            try await archive.delete(key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test("a key that leads out of the folder is refused")
    func staysInside() async throws {
        try await withTemporaryFolder { folder in
            let archive = FolderArchiveStore(root: folder + "/a", fsync: false)
            for key in ["../b", "x/../../b", "/b", "", "a//b", "."] {
                await #expect(throws: StoreError.self, "\(key)") { try await archive.put([1], at: key) }
            }
        }
    }
}
