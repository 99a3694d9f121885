import Hearth
import LocalIndex
import LocalIndexCrasher
import Testing

@Suite("Several users of one folder")
struct SharingTests {
    @Test(
        "random changes through two handles, with compactions and reopening, give what a dictionary gives",
        arguments: [1, 2, 3])
    func model(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        var generator = SplitMix64(seed: seed)
        var handles = [try Samples.open(folder), try Samples.open(folder)]
        let words = ["alpha", "beta", "gamma", "delta"]
        var model: [String: [String]] = [:]
        for step in 0..<250 {
            let handle = Int.random(in: 0..<2, using: &generator)
            let path = "p\(Int.random(in: 0..<12, using: &generator))"
            switch Int.random(in: 0..<20, using: &generator) {
            case 0: try await handles[handle].compact()
            case 1: handles[handle] = try Samples.open(folder)
            case 2...5:
                try await handles[handle].remove(documents: [path])
                model[path] = nil
            default:
                let texts = (0..<Int.random(in: 0...4, using: &generator)).map { number in
                    Bool.random(using: &generator) ? "\(words[number]) shared" : "\(words[number]) step\(step)"
                }
                try await handles[handle].put(path, texts, version: "\(step)")
                model[path] = texts
            }
            // The other handle sees it at once.
            let other = handles[1 - handle]
            let all = model.values.flatMap { $0 }
            let query = words[Int.random(in: 0..<4, using: &generator)]
            #expect(
                try await other.texts(query, limit: 100).sorted() == all.filter { $0.hasPrefix("\(query) ") }.sorted())
            let hits = try await other.searchVector(Samples.vector("query \(step)"), limit: 1000)
            let found = try await other.entries(rows: hits.map(\.row))
            #expect(found.values.map(\.text).sorted() == all.sorted())
            let statistics = try await other.statistics()
            #expect(statistics.entries == all.count && statistics.documents == model.count)
            let prefix = LocalIndex.Filter(pathPrefix: "p1")
            let below = model.filter { $0.key.hasPrefix("p1") }.values.flatMap { $0 }
            #expect(try await other.searchVector(Samples.vector("q"), filter: prefix, limit: 1000).count == below.count)
        }
        try await handles[0].verify()
        try await handles[1].compact()
        #expect(try await handles[0].statistics().deadVectors == 0)
        try await handles[0].verify()
    }

    @Test("a reader sees a document whole, before or after each change, while others write and compact")
    func wholeDocuments() async throws {
        let folder = try TemporaryFolder()
        let writer = try Samples.open(folder)
        let reader = try Samples.open(folder)
        let paths = (0..<6).map { "doc\($0)" }
        for path in paths { try await writer.put(path, ["v0 token"]) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for path in paths {
                group.addTask {
                    // A version has as many entries as its number says.
                    for version in 1...25 {
                        let texts = (0..<(version % 5 + 1)).map { "\(path) v\(version) token n\($0)" }
                        try await writer.put(path, texts, version: "\(version)")
                    }
                }
            }
            group.addTask { for _ in 0..<10 { try await writer.compact() } }
            for handle in [reader, writer, reader] {
                group.addTask {
                    for _ in 0..<60 {
                        let found = try await handle.search(text: "token", vector: Samples.vector("x"), limit: 1000)
                        for hits in [found.text, found.vector] {
                            let entries = hits.compactMap { found.entries[$0.row] }
                            #expect(entries.count == hits.count)
                            let byDocument = Dictionary(grouping: entries, by: \.document)
                            #expect(byDocument.count == paths.count)
                            for entries in byDocument.values {
                                #expect(Set(entries.map(\.version)).count == 1)
                                #expect(
                                    entries.count == (Int(entries[0].version).map { $0 % 5 + 1 })
                                        || entries[0].text == "v0 token")
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await reader.statistics().entries == 6)
        try await reader.verify()
    }

    @Test("another process writes while this one searches")
    func otherProcess() async throws {
        let folder = try TemporaryFolder()
        let index = try LocalIndex.open(directory: folder.path, dimension: Script.dimension)
        let child = try Child(["steps", folder.path, "0", "60"])
        var last = -1
        while let line = child.line() {
            last = try #require(Int(line))
            // The child may be ahead, never behind.
            let content = try await Content(index)
            #expect(!content.documents.isEmpty || Script.documents(after: last + 1).isEmpty)
            let hits = try await index.search(text: "shared text", vector: Script.vector("q"), limit: 100)
            #expect((hits.text + hits.vector).allSatisfy { hits.entries[$0.row] != nil })
        }
        #expect(last == 59)
        let content = try await Content(index)
        #expect(content == Content(after: 60))
        try await content.expectSearchable(index)
    }

    @Test("two processes write at the same time without losing anything")
    func twoWriters() async throws {
        let folder = try TemporaryFolder()
        let index = try LocalIndex.open(directory: folder.path, dimension: Script.dimension)
        let child = try Child(["steps", folder.path, "0", "50"])
        for number in 0..<50 {
            let path = "parent\(number)"
            let entries = Script.entries(path, version: number)
            try await index.replace(
                document: Script.record(path, version: number), entries: entries,
                vectors: entries.map { Script.vector($0.text) })
        }
        #expect(child.finish().last == "49")
        var content = try await Content(index)
        try await content.expectSearchable(index)
        try await index.verify()
        content.documents.removeAll { $0.path.hasPrefix("parent") }
        content.entries.removeAll { $0.document.hasPrefix("parent") }
        #expect(content.documents == Content(after: 50).documents)
        #expect(content.entries == Content(after: 50).entries)
        #expect(try await index.documents().count == content.documents.count + 50)
    }

    @Test("many handles may create one folder at the same time")
    func creation() async throws {
        let folder = try TemporaryFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let index = try Samples.open(folder)
                    try await index.put("f\(number)", ["text \(number)"])
                }
            }
            try await group.waitForAll()
        }
        #expect(try await Samples.open(folder).documents().count == 8)
    }
}
