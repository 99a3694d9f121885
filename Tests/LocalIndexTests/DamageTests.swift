import Foundation
import GRDB
import Hearth
import LocalIndex
import Testing

@Suite("Damaged and foreign folders")
struct DamageTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        let index = try Samples.open(folder)
        try await index.put("a", ["one", "two", "three"])
        try index.close()
    }

    private func openingFails(_ code: LocalIndexError.Code, dimension: Int = Samples.dimension) throws {
        let failure = try #require(throws: LocalIndexError.self) {
            _ = try LocalIndex.open(directory: folder.path, dimension: dimension)
        }
        #expect(failure.code == code)
        #expect(!failure.isRetriable)
        #expect(failure.message.contains(folder.path))
    }

    private func change(_ name: String, at offset: UInt64, to bytes: [UInt8]) throws {
        let file = try FileHandle(forWritingTo: folder.file(name))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    private func truncate(_ name: String, to bytes: UInt64) throws {
        let file = try FileHandle(forWritingTo: folder.file(name))
        try file.truncate(atOffset: bytes)
        try file.close()
    }

    @Test("another dimension is refused before anything is written")
    func dimension() throws {
        let before = try Data(contentsOf: folder.file("vectors.1"))
        try openingFails(.dimensionMismatch, dimension: 16)
        #expect(try Data(contentsOf: folder.file("vectors.1")) == before)
        _ = try Samples.open(folder)
        #expect(throws: LocalIndexError.self) { try LocalIndex.open(directory: folder.path, dimension: 0) }
    }

    @Test("a vector file with another beginning is refused", arguments: [0, 8, 16, 24, 32] as [UInt64])
    func header(offset: UInt64) throws {
        try change("vectors.1", at: offset, to: [0xEE, 0xEE])
        try openingFails(.corrupted)
    }

    @Test("a vector file that is too short is refused", arguments: [0, 20, 4096, 5000] as [UInt64])
    func shortVectors(bytes: UInt64) throws {
        try truncate("vectors.1", to: bytes)
        try openingFails(.corrupted)
    }

    @Test("a missing vector file is refused")
    func missingVectors() throws {
        try FileManager.default.removeItem(at: folder.file("vectors.1"))
        try openingFails(.corrupted)
    }

    @Test("the vector file of another index is refused")
    func foreignVectors() throws {
        let other = try TemporaryFolder()
        try Samples.open(other).close()
        try FileManager.default.removeItem(at: folder.file("vectors.1"))
        try FileManager.default.copyItem(at: other.file("vectors.1"), to: folder.file("vectors.1"))
        try openingFails(.corrupted)
    }

    @Test("a file that is no database is refused")
    func noDatabase() throws {
        try Data(String(repeating: "this is not a database ", count: 500).utf8).write(to: folder.file("index.sqlite"))
        try openingFails(.corrupted)
    }

    @Test("another database is refused and left alone")
    func otherDatabase() throws {
        let other = try TemporaryFolder()
        let queue = try DatabaseQueue(path: other.file("index.sqlite").path)
        try queue.write { try $0.execute(sql: "CREATE TABLE mine (x); INSERT INTO mine VALUES (1)") }
        #expect(throws: LocalIndexError.self) { try Samples.open(other) }
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT x FROM mine") } == 1)
    }

    @Test("a newer format is refused")
    func newerFormat() throws {
        let queue = try DatabaseQueue(path: folder.file("index.sqlite").path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        try openingFails(.unknownFormat)
    }

    @Test("a damaged vector is not handed out")
    func damagedVector() async throws {
        try change("vectors.1", at: 4096 + 4096 * 48 + 32, to: [1, 2, 3])
        let index = try Samples.open(folder)
        await #expect(throws: LocalIndexError.self) { try await index.verify() }
        await #expect(throws: LocalIndexError.self) { try await index.vectors(forHashes: ["hash of two"]) }
        #expect(try await index.vectors(forHashes: ["hash of one"]).count == 1)
    }

    @Test("random damage to the database is an error, never a crash")
    func randomDamage() async throws {
        let index = try Samples.open(folder)
        for number in 0..<40 { try await index.put("f\(number)", ["text \(number) alpha", "beta \(number)"]) }
        try await index.compact()
        try index.close()
        let path = folder.file("index.sqlite")
        let whole = try Data(contentsOf: path)
        var generator = SplitMix64(seed: 4)
        var refused = 0
        for _ in 0..<60 {
            var damaged = whole
            for _ in 0..<20 {
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            for name in ["index.sqlite-wal", "index.sqlite-shm"] {
                try? FileManager.default.removeItem(at: folder.file(name))
            }
            try damaged.write(to: path)
            do {
                let index = try Samples.open(folder)
                _ = try await index.search(text: "alpha beta text", vector: Samples.vector("x"), limit: 50)
                _ = try await index.documents()
                try await index.put("new", ["words"])
                try await index.verify()
            } catch is LocalIndexError {
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test("a folder that cannot be made is an error with its path")
    func impossibleFolder() throws {
        let failure = try #require(throws: LocalIndexError.self) {
            _ = try LocalIndex.open(directory: "\(folder.path)/index.sqlite/below", dimension: 8)
        }
        #expect(failure.code == .inaccessible)
    }
}
