import Hearth
import HearthTesting

/// A document of a test: a passage a line.
struct SampleDocument: Sendable {
    let path: String
    let version: String
    let texts: [String]

    var row: IndexedDocument {
        IndexedDocument(
            path: path, tag: "t-\(version)", version: version, size: 10, language: "swift", passageCount: texts.count)
    }

    func passages(_ encoder: HashedWordEncoder) async throws -> [IndexedPassage] {
        var offset = 0
        var passages: [Passage] = []
        for (line, text) in texts.enumerated() {
            passages.append(
                Passage(
                    id: String(Digest.sha256(of: [path, "\(offset)", text]).prefix(32)), path: path, language: "swift",
                    lines: (line + 1)...(line + 1), bytes: offset..<(offset + text.utf8.count),
                    documentVersion: version, symbol: "", header: "", text: text, hash: Digest.sha256(text)))
            offset += text.utf8.count + 1
        }
        let vectors = try await encoder.encode(passages.map(\.embeddedText))
        return zip(passages, vectors).map { IndexedPassage(passage: $0, vector: $1) }
    }
}
