import Backends
import Foundation
import Hearth
import HearthTesting
import Testing

@Suite("A folder as document store")
struct FolderDocumentStoreTests {
    private func withFolder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.path + "/hearth-folder-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (path, text) in files {
            let file = URL(filePath: root + "/" + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try await body(root)
    }

    private func listings(_ root: String, settings: ProjectSettings = ProjectSettings()) async throws
        -> [DocumentListing]
    {
        var listings: [DocumentListing] = []
        for try await listing in try await FolderDocumentStore(root: root, settings: settings).list() {
            listings.append(listing)
        }
        return listings
    }

    @Test("it does what every document store does")
    func conformance() async throws {
        try await withFolder(DocumentStoreConformance.documents) { root in
            let suite = DocumentStoreConformance(try FolderDocumentStore(root: root))
            try await suite.listsInOrder()
            try await suite.readsWhatItLists()
            try await suite.refuses()
        }
    }

    @Test("documents come in the order of their paths, also where a folder has the name of a file's beginning")
    func order() async throws {
        let files = ["a/b": "1", "a.txt": "2", "a-b": "3", "a/a/c": "4", "a0": "5"]
        try await withFolder(files) { root in
            let paths = try await listings(root).map(\.path)
            #expect(paths == files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        }
    }

    @Test("ignore files are honoured where they stand, and an ignored folder is not walked")
    func ignores() async throws {
        let files = [
            ".gitignore": "*.log\nout/\n", "a.log": "x", "src/a.swift": "x", "src/.hearthignore": "secret*",
            "src/secret.txt": "x", "out/b.swift": "x", "node_modules/x/index.js": "x", "extra.md": "x",
        ]
        try await withFolder(files) { root in
            let all = try await listings(root, settings: ProjectSettings(ignore: ["extra.md"]))
            let kept = all.filter { $0.skipped == nil }.map(\.path)
            #expect(kept == [".gitignore", "src/.hearthignore", "src/a.swift"])
            #expect(all.filter { $0.skipped == .ignored }.map(\.path) == ["a.log", "extra.md", "src/secret.txt"])
        }
    }

    @Test("links are listed as skipped and never followed")
    func links() async throws {
        try await withFolder(["root/a.swift": "x", "outside/secret.swift": "x"]) { base in
            let root = base + "/root"
            try FileManager.default.createSymbolicLink(atPath: root + "/loop", withDestinationPath: ".")
            try FileManager.default.createSymbolicLink(atPath: root + "/out", withDestinationPath: "../outside")
            try FileManager.default.createSymbolicLink(atPath: root + "/dead", withDestinationPath: "nowhere")
            let all = try await listings(root)
            #expect(all.filter { $0.skipped == nil }.map(\.path) == ["a.swift"])
            #expect(all.filter { $0.skipped == .link }.map(\.path) == ["dead", "loop", "out"])
            let store = try FolderDocumentStore(root: root)
            await #expect(throws: StoreError.self) { try await store.read("out/secret.swift", limit: 100) }
        }
    }

    @Test("no path leads out of the folder", arguments: ["../x", "/etc/passwd", "a/../../x", "", ".", "a//b"])
    func escapes(path: String) async throws {
        try await withFolder(["a/b": "x"]) { root in
            let store = try FolderDocumentStore(root: root)
            await #expect(throws: StoreError.self) { try await store.read(path, limit: 100) }
        }
    }

    @Test("a file above the limit is listed as too large, of whatever size, without reading it")
    func tooLarge() async throws {
        try await withFolder(["small": "x"]) { root in
            #expect(FileManager.default.createFile(atPath: root + "/huge", contents: nil))
            let huge = try FileHandle(forWritingTo: URL(filePath: root + "/huge"))
            try huge.truncate(atOffset: 1 << 30)
            try huge.close()
            #expect(try await listings(root).map(\.skipped) == [.tooLarge, nil])
        }
    }

    @Test("a changed file has another tag, an untouched one the same")
    func tags() async throws {
        try await withFolder(["a": "one", "b": "two"]) { root in
            let before = try await listings(root).map(\.tag)
            try Data("uno".utf8).write(to: URL(filePath: root + "/a"), options: .atomic)
            let after = try await listings(root).map(\.tag)
            #expect(before[0] != after[0] && before[1] == after[1])
        }
    }

    @Test(
        "a folder in which there are no more than empty folders is an error, unless an ignore file says that it is meant"
    )
    func empty() async throws {
        try await withFolder(["kept/a": "x", "emptied/.hearthignore": "", "ignored/node_modules/a.js": "x"]) { root in
            for folder in ["none", "none/in", "none/in/here"] {
                try FileManager.default.createDirectory(atPath: root + "/" + folder, withIntermediateDirectories: true)
            }
            try await DocumentStoreConformance.isNeverEmpty(FolderDocumentStore(root: root + "/none"))
            try await DocumentStoreConformance.isNeverEmpty(FolderDocumentStore(root: root + "/none/in/here"))
            try await DocumentStoreConformance.isEmptiedByAnIgnoreFile(FolderDocumentStore(root: root + "/emptied"))
            // Something is there, and it is to be ignored.
            #expect(try await listings(root + "/ignored").isEmpty)
        }
    }

    @Test("a folder that is not there is an error, never an empty codebase")
    func missing() throws {
        #expect(throws: StoreError.self) { try FolderDocumentStore(root: "/nonexistent-\(UUID().uuidString)") }
    }
}
