import Hearth
import LocalIndex

/// Documents for tests.
enum Samples {
    static let dimension = 8

    static func document(_ path: String, version: String = "1", attributes: String = "{}") -> LocalIndex.DocumentRecord
    {
        LocalIndex.DocumentRecord(
            path: path, tag: "tag-\(version)", version: version, size: 100, attributes: attributes)
    }

    static func entry(
        _ path: String, _ number: Int = 0, version: String = "1", language: String = "swift", symbol: String = "",
        text: String, hash: String? = nil
    ) -> LocalIndex.Entry {
        LocalIndex.Entry(
            id: "\(path)#\(number)", document: path, language: language, startLine: number * 10 + 1,
            endLine: number * 10 + 10, byteStart: number * 100, byteEnd: number * 100 + 100, version: version,
            symbol: symbol, header: "", text: text, hash: hash ?? "hash of \(text)", kind: "code")
    }

    /// A vector that depends on the text only.
    static func vector(_ text: String, dimension: Int = dimension) -> [Float] {
        var generator = SplitMix64(seed: text.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        return generator.vector(dimension)
    }

    static func open(_ folder: TemporaryFolder, dimension: Int = dimension) throws -> LocalIndex {
        try LocalIndex.open(
            directory: folder.path, dimension: dimension, settings: LocalIndexSettings(fsync: false))
    }
}

extension LocalIndex {
    /// Stores a document with one entry per text.
    func put(
        _ path: String, _ texts: [String], version: String = "1", language: String = "swift"
    ) async throws {
        let entries = texts.enumerated().map { number, text in
            Samples.entry(path, number, version: version, language: language, text: text)
        }
        try await replace(
            document: Samples.document(path, version: version), entries: entries,
            vectors: texts.map { Samples.vector($0, dimension: dimension) })
    }

    /// The texts that a query finds, best first.
    func texts(_ query: String, filter: Filter = .none, limit: Int = 10) async throws -> [String] {
        let hits = try await searchText(query, filter: filter, limit: limit)
        let entries = try await entries(rows: hits.map(\.row))
        return hits.compactMap { entries[$0.row]?.text }
    }
}
