import Backends
import Foundation
import Hearth
import HearthTesting
import Testing

/// The same code in the local index and in Qdrant: the same questions find nearly the same.
@Suite("Qdrant beside the local index", .enabled(if: QdrantTestIndex.url != nil), .timeLimit(.minutes(10)))
struct QdrantOverlapTests {
    /// Cuts by lines, without grammars.
    private struct NoOutliner: SyntaxOutliner {
        func outline(_ source: [UInt8], language: Language) -> [OutlineNode]? { nil }
    }

    private let encoder = HashedWordEncoder(dimension: 384, maximumTokens: 200)
    private let folders = ["Sources/Hearth", "Sources/LocalIndex", "Sources/Gateway", "Sources/Backends"]

    @Test("the ten best passages of forty-four questions are the same, nine of ten on average")
    func overlaps() async throws {
        let generation = IndexGeneration(
            encoder: encoder.identity.fingerprint, dimension: 384, chunker: "lines", grammars: "none")
        let project = try #require(ProjectID.suggested(for: "hearth"))
        let asked = Project(id: project, source: "/code")
        try await withTemporaryFolder { folder in
            // A threshold below the size of the corpus: what is compared is the graph over quantized vectors.
            try await QdrantTestIndex.with(QdrantIndexSettings(indexingThreshold: 500)) { test in
                let local = LocalPassageIndex(root: folder, fsync: false)
                let reference = try await local.prepare(generation, of: project)
                #expect(try await test.index.prepare(generation, of: project) == reference)
                for document in try documents() {
                    let (row, passages) = try await cut(document)
                    try await local.replace(row, with: passages, in: reference)
                    try await test.index.replace(row, with: passages, in: reference)
                }
                let size = try await local.statistics(of: reference)
                #expect(try await test.index.statistics(of: reference).passages == size.passages)
                #expect(try await test.index.documents(in: reference) == local.documents(in: reference))
                try await test.index.activate(reference)

                try await local.activate(reference)
                let encoders = Encoders(only: encoder)
                let here = Retriever(encoders: encoders, index: local, logger: .test)
                let there = Retriever(encoders: encoders, index: test.index, logger: .test)
                var shares: [Double] = []
                for question in Self.questions {
                    let first = try #require(try await here.retrieve(question, limit: 10, in: asked))
                    let second = try #require(try await there.retrieve(question, limit: 10, in: asked))
                    #expect(first.lexicalOnly == nil && second.lexicalOnly == nil)
                    #expect(first.passages.count == 10 && second.passages.count == 10)
                    let (left, right) = (first.passages.map(\.passage.id), second.passages.map(\.passage.id))
                    shares.append(Double(Set(left).intersection(right).count) / 10)
                }
                let mean = shares.reduce(0, +) / Double(shares.count)
                let worst = shares.min() ?? 0
                #expect(mean >= 0.9, "mean overlap \(mean), worst \(worst), of \(size.passages) passages")
                try Self.report(
                    "overlap mean \(mean) worst \(worst) passages \(size.passages) documents \(size.documents)\n")
            }
        }
    }

    /// Into a file that the environment names, for whoever measures.
    private static func report(_ line: String) throws {
        guard let file = ProcessInfo.processInfo.environment["HEARTH_OVERLAP_REPORT"] else { return }
        try line.write(toFile: file, atomically: true, encoding: .utf8)
    }

    private func documents() throws -> [(path: String, bytes: [UInt8])] {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return try folders.flatMap { folder -> [(path: String, bytes: [UInt8])] in
            let names = try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
                let path = folder + "/" + name
                return (path, Array(try Data(contentsOf: root.appendingPathComponent(path))))
            }
        }
    }

    private func cut(_ document: (path: String, bytes: [UInt8])) async throws -> (IndexedDocument, [IndexedPassage]) {
        let chunker = Chunker(outliner: NoOutliner(), limit: 120, tokenCount: encoder.tokenCount)
        let version = Digest.sha256(document.bytes)
        let passages = chunker.chunks(
            of: document.bytes, path: document.path, language: Language.detect(path: document.path, head: [])
        ).map { chunk in
            let text = String(decoding: document.bytes[chunk.bytes], as: UTF8.self)
            let hash = Digest.sha256(chunk.header + "\n" + text)
            return Passage(
                id: String(Digest.sha256(of: [document.path, "\(chunk.bytes.lowerBound)", hash]).prefix(32)),
                path: document.path, language: "swift", lines: chunk.lines, bytes: chunk.bytes,
                documentVersion: version, symbol: chunk.symbol ?? "", header: chunk.header, text: text, hash: hash)
        }
        let vectors = try await encoder.encode(passages.map(\.embeddedText))
        let row = IndexedDocument(
            path: document.path, tag: version, version: version, size: document.bytes.count, language: "swift",
            passageCount: passages.count)
        return (row, zip(passages, vectors).map { IndexedPassage(passage: $0, vector: $1) })
    }

    private static let questions = [
        "Which type decides whether a failed task is tried again or set aside?",
        "Where are the markers of an answer checked against the passages of the prompt?",
        "How does a task survive when the process that works on it is killed?",
        "Which secrets does SecretMask replace by asterisks?",
        "How does RankFusion join several ranked lists into one?",
        "How are bytes that are not valid UTF-8 replaced without moving any offset?",
        "When is a question refused because too many others are waiting?",
        "How is an API key stored, and who is shown it in plain text?",
        "What does the reconciler do with a document that is no longer listed?",
        "How are plural endings dropped from words?",
        "Where is BM25 computed?",
        "How does the vector scan find the best hits?",
        "What is written last when a document is replaced?",
        "How are passages of tests lowered in the ranking?",
        "Which encoder turns text into vectors?",
        "What happens when the disk is full?",
        "How does the gateway stream server-sent events?",
        "Where is the model name of a project parsed?",
        "How long may a question be before it is cut?",
        "What does the prompt assembler do with the token budget?",
        "How are old messages of a session summarised?",
        "Where is the backlog of the task bus counted?",
        "How does the SQLite task bus claim a task?",
        "What tells a dead letter from a retry?",
        "How is a reply event numbered?",
        "Which files does the folder document store skip?",
        "How are gitignore patterns matched?",
        "What is an index generation made of?",
        "How does an attempt fence off an older one?",
        "When does a generation become the one that is searched?",
        "Where are vectors of unknown hashes computed?",
        "How is a chunk's header made?",
        "How does the extractive generator choose its quotes?",
        "What does the Ollama generator do when the model is not there?",
        "How is a citation built from a passage?",
        "Where are metrics of the gateway counted?",
        "How does the catalogue cache keep up with another process?",
        "What is compacted, and when?",
        "How is the identifier parseHeader split into terms?",
        "Which error does a vector of another dimension give?",
        "How does the Pulsar journal decide which record counts?",
        "Where is a task published again after a crash?",
        "How are languages detected from a file name?",
        "What does Resumption do after a worker has died?",
    ]
}
