import Glibc
import Hearth
import LocalIndex

/// Measures a whole local index: `SearchBenchmark [--passages 10000,100000] [--queries 2000] [--directory DIR]`.
@main
struct SearchBenchmark {
    private let passages: Int
    private let queries: Int
    private let directory: String

    static func main() async throws {
        let arguments = CommandLine.arguments
        func value(_ name: String, _ otherwise: String) -> String {
            guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else { return otherwise }
            return arguments[place + 1]
        }
        let queries = Int(value("--queries", "2000")) ?? 2000
        let parent = value("--directory", "/tmp/search-benchmark-\(getpid())")
        for passages in value("--passages", "10000,100000").split(separator: ",").compactMap({ Int($0) }) {
            let benchmark = SearchBenchmark(
                passages: passages, queries: queries, directory: "\(parent)/\(passages)")
            try await benchmark.run()
        }
    }

    private func run() async throws {
        print("\(passages) passages, 384 dimensions, in \(directory)")
        let start = ContinuousClock.now
        let index = try LocalIndex.open(directory: directory, dimension: 384)
        let opening = start.duration(to: .now)
        if try await index.statistics().entries == 0 {
            try await build(index)
        }
        let statistics = try await index.statistics()
        print("  \(statistics.bytes >> 20) MB on disk, \(statistics.entries) entries, opened in \(opening)")
        try await search(index)
        let memory = residentMegabytes()
        print("  resident \(memory.all) MB, \(memory.anonymous) MB of it not backed by files")
        try index.close()
    }

    private func build(_ index: LocalIndex) async throws {
        var code = SyntheticCode(seed: 1)
        var vectors = SyntheticVectors(seed: 2, dimension: 384, clusters: max(50, passages / 50))
        let perDocument = 10
        let perGroup = 20
        var seconds = 0.0
        for group in 0..<(passages / perDocument / perGroup) {
            let documents = (0..<perGroup).map { place in
                document(group * perGroup + place, perDocument, &code, &vectors)
            }
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for (document, entries, vectors) in documents {
                    tasks.addTask { try await index.replace(document: document, entries: entries, vectors: vectors) }
                }
                try await tasks.waitForAll()
            }
            seconds += Double(start.duration(to: .now).components.attoseconds) / 1e18
            seconds += Double(start.duration(to: .now).components.seconds)
        }
        print("  build \(Int(seconds * 10) / 10) s, \(Int(Double(passages) / seconds)) passages/s")
        let start = ContinuousClock.now
        try await index.compact()
        print("  compact \(start.duration(to: .now))")
    }

    private func document(
        _ number: Int, _ count: Int, _ code: inout SyntheticCode, _ vectors: inout SyntheticVectors
    ) -> (LocalIndex.DocumentRecord, [LocalIndex.Entry], [[Float]]) {
        let path = "Sources/Module\(number / 40)/\(code.identifier())_\(number).swift"
        let document = LocalIndex.DocumentRecord(path: path, tag: "t", version: "v", size: count * 1000)
        let entries = (0..<count).map { place in
            let (symbol, text) = code.passage()
            return LocalIndex.Entry(
                id: "\(number)/\(place)", document: path, language: number % 3 == 0 ? "python" : "swift",
                startLine: place * 20, endLine: place * 20 + 19, byteStart: place * 1000, byteEnd: place * 1000 + 999,
                version: "v", symbol: symbol, header: "\(path) \(symbol)", text: text, hash: "\(number)/\(place)",
                kind: "function")
        }
        return (document, entries, entries.map { _ in vectors.vector() })
    }

    private func search(_ index: LocalIndex) async throws {
        var code = SyntheticCode(seed: 3)
        var vectors = SyntheticVectors(seed: 4, dimension: 384, clusters: 1)
        var generator = SplitMix64(seed: 5)
        var asked: [(text: String, vector: [Float])] = []
        for _ in 0..<queries {
            let number = Int.random(in: 0..<passages, using: &generator)
            let id = "\(number / 10)/\(number % 10)"
            guard let entry = try await index.entries(ids: [id]).first,
                let vector = try await index.vectors(forHashes: [entry.hash])[entry.hash]
            else { continue }
            asked.append((code.question(about: entry.text), vectors.near(vector, distance: 0.8)))
        }
        var text = Measurement()
        var vector = Measurement()
        var both = Measurement()
        var narrow = Measurement()
        let filter = LocalIndex.Filter(pathPrefix: "Sources/Module1", languages: ["swift"])
        // The first queries warm up; then every query is asked once, so that none finds its own terms and pages ready.
        for (place, query) in asked.enumerated() {
            switch place < asked.count / 10 ? -1 : place % 4 {
            case 0: _ = try await text.measure { try await index.searchText(query.text, limit: 50) }
            case 1: _ = try await vector.measure { try await index.searchVector(query.vector, limit: 50) }
            case 2:
                _ = try await narrow.measure {
                    try await index.search(text: query.text, vector: query.vector, filter: filter, limit: 50)
                }
            default:
                _ = try await both.measure {
                    try await index.search(text: query.text, vector: query.vector, limit: 50)
                }
            }
        }
        print("  text      \(text.summary)")
        print("  vector    \(vector.summary)")
        print("  both      \(both.summary)   (50 hits each, with their entries)")
        print("  filtered  \(narrow.summary)")
    }
}
