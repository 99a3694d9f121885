public import Logging

/// Takes documents that are at hand into an index: check, chunk, encode what is new, replace.
///
/// In two steps, so that several documents can be prepared side by side and written in an order that never differs.
public struct DocumentIndexer: Sendable {
    /// What is to be written of a document.
    public struct Prepared: Sendable {
        let row: IndexedDocument
        let passages: [EmbeddedPassage]
        /// What there is to tell once it is written.
        let outcome: IngestOutcome
    }

    /// Tokens of a passage below which no document is cut: who refuses those will refuse all.
    private static let shortestPassage = 32

    private let index: any PassageIndex
    private let logger: Logger

    public init(index: any PassageIndex, logger: Logger) {
        self.index = index
        self.logger = logger
    }

    /// The document's passages with their vectors. Writes nothing.
    ///
    /// - Throws: ``StoreError`` or ``EncoderError``.
    public func prepare(
        _ document: Document,
        by maker: PassageMaker,
        in reference: IndexReference
    ) async throws -> Prepared {
        let text: SourceText
        do {
            text = try SourceText(document.bytes, path: document.path)
        } catch {
            return Prepared(
                row: row(document, passages: 0, skipped: error.reason), passages: [], outcome: .skipped(error.reason))
        }
        let (embedded, encoded) = try await embed(text, of: document, by: maker, in: reference)
        return Prepared(
            row: row(document, passages: embedded.count, skipped: nil), passages: embedded,
            outcome: .indexed(
                passages: embedded.count, embedded: encoded, bytes: document.bytes.count,
                maskedSecrets: text.maskedSecrets))
    }

    /// Replaces what the index has of the document.
    ///
    /// - Throws: ``StoreError``.
    public func write(_ prepared: Prepared, in reference: IndexReference) async throws -> IngestOutcome {
        try await index.replace(prepared.row, with: prepared.passages, in: reference)
        return prepared.outcome
    }

    /// All passages with their vectors, and how many of these had to be computed.
    ///
    /// An encoder may refuse as too long what was counted as fitting. Then the document is cut again, smaller: nothing of
    /// it is left out.
    private func embed(
        _ text: SourceText,
        of document: Document,
        by maker: PassageMaker,
        in reference: IndexReference
    ) async throws -> ([EmbeddedPassage], Int) {
        var limit = maker.limit
        while true {
            do {
                let passages = maker.passages(of: text, document: document, limit: limit)
                return try await embed(passages, by: maker, in: reference)
            } catch let error as EncoderError where error.code == .tooLong && limit >= 2 * Self.shortestPassage {
                limit /= 2
                logger.notice(
                    "cut smaller: the encoder takes less than it says",
                    metadata: ["path": "\(document.path)", "limit": "\(limit)", "error": "\(error)"])
            }
        }
    }

    private func embed(
        _ passages: [DraftPassage],
        by maker: PassageMaker,
        in reference: IndexReference
    ) async throws -> ([EmbeddedPassage], Int) {
        var vectors = try await index.vectors(for: passages.map(\.passage.hash), in: reference)
        var seen = Set(vectors.keys)
        let fresh = passages.filter { seen.insert($0.passage.hash).inserted }
        if !fresh.isEmpty {
            let encoded = try await maker.vectors(of: fresh)
            for (draft, vector) in zip(fresh, encoded) { vectors[draft.passage.hash] = vector }
        }
        let embedded = passages.compactMap { draft in vectors[draft.passage.hash].map(draft.embedded) }
        return (embedded, fresh.count)
    }

    private func row(_ document: Document, passages: Int, skipped: SkipReason?) -> IndexedDocument {
        IndexedDocument(
            path: document.path,
            tag: document.tag,
            version: document.version,
            size: document.bytes.count,
            language: Language.detect(path: document.path, head: document.bytes).name,
            passageCount: passages,
            skipped: skipped)
    }
}
