import FoundationEssentials
import Hearth
import LocalIndex

extension LocalIndex.Entry {
    init(_ passage: Passage) {
        self.init(
            id: passage.id, document: passage.path, language: passage.language, startLine: passage.lines.lowerBound,
            endLine: passage.lines.upperBound, byteStart: passage.bytes.lowerBound, byteEnd: passage.bytes.upperBound,
            version: passage.documentVersion, symbol: passage.symbol, header: passage.header, text: passage.text,
            hash: passage.hash, kind: "")
    }
}

extension Passage {
    init(_ entry: LocalIndex.Entry) {
        self.init(
            id: entry.id, path: entry.document, language: entry.language,
            lines: entry.startLine...max(entry.startLine, entry.endLine),
            bytes: entry.byteStart..<max(entry.byteStart, entry.byteEnd), documentVersion: entry.version,
            symbol: entry.symbol, header: entry.header, text: entry.text, hash: entry.hash)
    }
}

/// What Hearth keeps of a document beyond what the driver knows.
private struct DocumentAttributes: Codable {
    var language: String
    var unembedded: Int
    var skipped: SkipReason?
}

extension LocalIndex.DocumentRecord {
    init(_ document: IndexedDocument) throws {
        let attributes = DocumentAttributes(
            language: document.language, unembedded: document.unembedded, skipped: document.skipped)
        self.init(
            path: document.path, tag: document.tag, version: document.version, size: document.size,
            passageCount: document.passageCount,
            attributes: String(decoding: try TaskCoding.encode(attributes), as: UTF8.self))
    }
}

extension IndexedDocument {
    init(_ record: LocalIndex.DocumentRecord) throws {
        let attributes = try TaskCoding.decode(DocumentAttributes.self, from: Data(record.attributes.utf8))
        self.init(
            path: record.path, tag: record.tag, version: record.version, size: record.size,
            language: attributes.language, passageCount: record.passageCount, unembedded: attributes.unembedded,
            skipped: attributes.skipped)
    }
}

extension StoreError {
    /// The same failure in Hearth's words.
    init(local error: LocalIndexError) {
        let code: Code =
            switch error.code {
            case .dimensionMismatch, .unknownFormat: .conflict
            case .corrupted: .corrupt
            case .storageFull, .storageFailed: .full
            case .invalidArgument: .invalid
            default: .unreachable
            }
        self.init(code, error.message, underlying: error.underlying)
    }
}
