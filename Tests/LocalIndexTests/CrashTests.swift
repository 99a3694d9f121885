import Foundation
import Hearth
import LocalIndex
import LocalIndexCrasher
import Testing

@Suite("Crashes", .serialized)
struct CrashTests {
    @Test("a process killed at any point leaves the last committed state, and the next one goes on from it")
    func killedAgainAndAgain() async throws {
        let folder = try TemporaryFolder()
        var generator = SplitMix64(seed: UInt64.random(in: 0...UInt64.max))
        var done = 0
        for _ in 0..<25 {
            let child = try Child(["steps", folder.path, "\(done)", "1000"])
            var acknowledged = done
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                acknowledged = try #require(child.line().flatMap { Int($0) }) + 1
            }
            // Kill in the middle of some later step, not right after an acknowledgement.
            let end = ContinuousClock.now + .microseconds(Int.random(in: 0...6000, using: &generator))
            while ContinuousClock.now < end { await Task.yield() }
            acknowledged = child.kill().last.flatMap { Int($0) }.map { $0 + 1 } ?? acknowledged

            let index = try LocalIndex.open(directory: folder.path, dimension: Script.dimension)
            let content = try await Content(index)
            // The step in flight may have been committed without being acknowledged.
            let possible = [acknowledged, acknowledged + 1].filter { content == Content(after: $0) }
            done = try #require(possible.first, "no committed state matches")
            try await content.expectSearchable(index)
            try await index.verify()
            try index.close()
        }
        // The same steps without a crash.
        let clean = try TemporaryFolder()
        let expected = try LocalIndex.open(directory: clean.path, dimension: Script.dimension)
        for step in 0..<done { try await Script.apply(step, to: expected) }
        let index = try LocalIndex.open(directory: folder.path, dimension: Script.dimension)
        #expect(try await Content(index) == Content(expected))
        for text in ["shared text 3", "own text", "symbol2 folder0"] {
            #expect(try await results(index, text) == results(expected, text))
        }
    }

    /// What both searches find, with scores.
    private func results(_ index: LocalIndex, _ text: String) async throws -> [String] {
        let hits = try await index.search(text: text, vector: Script.vector(text), limit: 20)
        return (hits.text + hits.vector).map { "\($0.score) \(hits.entries[$0.row]?.id ?? "-")" }.sorted()
    }

    @Test("what a crash left behind the committed slots is written over")
    func tornTail() async throws {
        let folder = try TemporaryFolder()
        let index = try Samples.open(folder)
        try await index.put("a", ["one", "two"])
        let file = try FileHandle(forWritingTo: folder.file("vectors.1"))
        // Vectors lie behind the header page and the codes, facts and records of 4,096 slots; two slots are in use.
        let vectors = 4096 + 4096 * (4 + 12 + 32)
        try file.seek(toOffset: UInt64(vectors + 2 * Samples.dimension * 4))
        try file.write(contentsOf: Data(repeating: 0xAB, count: 1000))
        // Codes are interleaved: behind two bytes of committed slots come 30 of free ones, four times.
        for byte in 0..<4 {
            try file.seek(toOffset: UInt64(4096 + byte * 32 + 2))
            try file.write(contentsOf: Data(repeating: 0xAB, count: 30))
        }
        try file.close()
        try await index.put("b", ["three"])
        try await index.verify()
        for text in ["one", "two", "three"] {
            let hits = try await index.searchVector(Samples.vector(text), limit: 3)
            #expect(try await index.entries(rows: hits.prefix(1).map(\.row)).values.map(\.text) == [text])
            #expect(hits.count == 3)
        }
        let stored = try await index.vectors(forHashes: ["hash of three", "hash of two"])
        #expect(stored == ["hash of three": Samples.vector("three"), "hash of two": Samples.vector("two")])
    }

    @Test("a full disk is a retriable error that changes nothing", .enabled(if: SmallDisk.isAvailable))
    func fullDisk() async throws {
        let folder = try TemporaryFolder()
        let disk = try SmallDisk(at: folder.file("disk").path, megabytes: 6)
        let index = try LocalIndex.open(directory: "\(disk.path)/index", dimension: 384)
        var stored = 0
        var failure: LocalIndexError?
        while failure == nil {
            let texts = (0..<20).map { "document \(stored) text \($0) " + String(repeating: "filler ", count: 100) }
            do {
                try await index.put("file\(stored)", texts)
                stored += 1
            } catch let error as LocalIndexError {
                failure = error
            }
        }
        #expect(failure?.isRetriable == true)
        #expect(stored > 0)
        #expect(try await index.documents().count == stored)
        try await index.verify()
        #expect(try await index.searchText("document", limit: 10_000).count == stored * 20)
        try disk.grow(toMegabytes: 60)
        try await index.put("after", ["room again"])
        #expect(try await index.documents().count == stored + 1)
        try await index.verify()
        try index.close()
    }

    @Test("a limit on file sizes is a retriable error that changes nothing")
    func limitedFiles() async throws {
        let folder = try TemporaryFolder()
        let child = try Child(["fill", folder.path, "1500000"])
        let words = try #require(child.finish().first).split(separator: " ")
        #expect(["storageFull", "storageFailed"].contains(words[1]))
        #expect(words[2] == "true")
        let index = try LocalIndex.open(directory: folder.path, dimension: Script.dimension)
        #expect(try await index.documents().count == Int(words[0]))
        try await index.verify()
    }
}
