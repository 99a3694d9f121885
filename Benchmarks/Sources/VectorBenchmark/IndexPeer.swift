import Foundation
import LocalIndex

/// The local index over a file of vectors, doing what `vector_scan.py` asks for, a line at a time.
struct IndexPeer {
    private static let limit = 10
    private static let perDocument = 100

    let index: LocalIndex
    let vectors: RawVectors
    let queries: [[Float]]
    let directory: String

    init(vectors: String, queries: String, directory: String) throws {
        self.vectors = try RawVectors(path: vectors, dimension: 384)
        let asked = try RawVectors(path: queries, dimension: 384)
        self.queries = (0..<asked.count).map { asked[$0] }
        self.directory = directory
        index = try LocalIndex.open(directory: directory, dimension: 384)
    }

    /// Answers commands from standard input until its end.
    func serve() async throws {
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            let number = words.count > 1 ? Int(words[1]) ?? 1 : 1
            switch words.first {
            case "build": try await reply(["seconds": build()])
            case "hits": try await reply(["hits": hits()])
            case "latency": try await reply(["milliseconds": latency(rounds: number)])
            case "rate": try await reply(["rate": rate(tasks: number)])
            case "bytes": try await reply(["bytes": index.statistics().bytes])
            default: return
            }
        }
    }

    /// An entry of a few letters for each vector: what the text of an index costs is measured elsewhere. An index that is
    /// there already is not built again; what it took is remembered beside it.
    private func build() async throws -> Double {
        let note = URL(filePath: directory + ".seconds")
        if try await index.statistics().entries == vectors.count,
            let known = try? String(contentsOf: note, encoding: .utf8)
        {
            return Double(known) ?? 0
        }
        let start = ContinuousClock.now
        let documents = (vectors.count + Self.perDocument - 1) / Self.perDocument
        for group in stride(from: 0, to: documents, by: 40) {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for document in group..<min(documents, group + 40) {
                    tasks.addTask { try await put(document) }
                }
                try await tasks.waitForAll()
            }
        }
        try await index.compact()
        let seconds = start.duration(to: .now) / .seconds(1)
        try String(seconds).write(to: note, atomically: true, encoding: .utf8)
        return seconds
    }

    private func put(_ document: Int) async throws {
        let numbers = document * Self.perDocument..<min(vectors.count, (document + 1) * Self.perDocument)
        let path = "d\(document)"
        let entries = numbers.map { number in
            LocalIndex.Entry(
                id: "\(number)", document: path, language: "", startLine: 1, endLine: 1, byteStart: 0, byteEnd: 1,
                version: "", symbol: "", header: "", text: "\(number)", hash: "\(number)", kind: "")
        }
        let record = LocalIndex.DocumentRecord(path: path, tag: "", version: "", size: 1)
        try await index.replace(document: record, entries: entries, vectors: numbers.map { vectors[$0] })
    }

    /// What each query finds, as numbers of vectors.
    private func hits() async throws -> [[Int]] {
        var found: [[Int]] = []
        for query in queries {
            let hits = try await index.searchVector(query, limit: Self.limit)
            let entries = try await index.entries(rows: hits.map(\.row))
            found.append(hits.compactMap { entries[$0.row].flatMap { Int($0.id) } })
        }
        return found
    }

    private func latency(rounds: Int) async throws -> [Double] {
        var milliseconds: [Double] = []
        for query in queries.prefix(rounds) {
            let start = ContinuousClock.now
            _ = try await index.searchVector(query, limit: Self.limit)
            milliseconds.append(start.duration(to: .now) / .milliseconds(1))
        }
        return milliseconds
    }

    /// Queries a second from several tasks at once, for a second.
    private func rate(tasks: Int) async throws -> Double {
        let start = ContinuousClock.now
        let end = start + .seconds(1)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var done = 0
                    while ContinuousClock.now < end {
                        let query = queries[(task * 7919 + done) % queries.count]
                        _ = try await index.searchVector(query, limit: Self.limit)
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / (start.duration(to: .now) / .seconds(1))
    }

    private func reply(_ answer: [String: Any]) throws {
        var line = try JSONSerialization.data(withJSONObject: answer)
        line.append(UInt8(ascii: "\n"))
        try FileHandle.standardOutput.write(contentsOf: line)
    }
}
