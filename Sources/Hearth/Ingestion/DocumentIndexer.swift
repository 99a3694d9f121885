public import Logging

/// Takes documents that are at hand into an index: check, chunk, encode what is new, replace.
///
/// In two steps, so that several documents can be prepared side by side and written in an order that never differs.
public struct DocumentIndexer: Sendable {
    /// Which vectors passages get.
    public enum Vectors: Sendable {
        /// Those that some index has already: takes milliseconds.
        case known
        /// All; those that are new are computed.
        case all
    }

    /// What is to be written of a document.
    public struct Prepared: Sendable {
        let row: IndexedDocument
        let passages: [IndexedPassage]
        /// What there is to tell once it is written.
        let outcome: IngestOutcome
    }

    /// Tokens of a passage below which no document is cut: who refuses those will refuse all.
    private static let shortestPassage = 32

    private let index: any PassageIndex
    private let known: KnownVectors
    private let logger: Logger

    public init(index: any PassageIndex, logger: Logger) {
        self.index = index
        known = KnownVectors(index: index)
        self.logger = logger
    }

    /// The document's passages with the vectors that are asked for. Writes nothing.
    ///
    /// - Throws: ``StoreError`` or ``EncoderError``.
    public func prepare(
        _ document: Document,
        with vectors: Vectors = .all,
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
        let (passages, encoded) = try await passages(of: text, document, with: vectors, by: maker, in: reference)
        let unembedded = passages.count { $0.vector == nil }
        return Prepared(
            row: row(document, passages: passages.count, unembedded: unembedded, skipped: nil), passages: passages,
            outcome: .indexed(
                .init(
                    passages: passages.count, embedded: encoded, unembedded: unembedded, bytes: document.bytes.count,
                    maskedSecrets: text.maskedSecrets)))
    }

    /// Replaces what the index has of the document.
    ///
    /// - Throws: ``StoreError``.
    public func write(_ prepared: Prepared, in reference: IndexReference) async throws -> IngestOutcome {
        try await index.replace(prepared.row, with: prepared.passages, in: reference)
        return prepared.outcome
    }

    /// All passages, and how many of their vectors had to be computed.
    ///
    /// An encoder may refuse as too long what was counted as fitting. Then the document is cut again, smaller: nothing of
    /// it is left out.
    private func passages(
        of text: SourceText,
        _ document: Document,
        with vectors: Vectors,
        by maker: PassageMaker,
        in reference: IndexReference
    ) async throws -> ([IndexedPassage], Int) {
        var limit = maker.limit
        while true {
            do {
                let drafts = maker.passages(of: text, document: document, limit: limit)
                return try await passages(drafts, with: vectors, by: maker, in: reference)
            } catch let error as EncoderError where error.code == .tooLong && limit >= 2 * Self.shortestPassage {
                limit /= 2
                logger.notice(
                    "cut smaller: the encoder takes less than it says",
                    metadata: ["path": "\(document.path)", "limit": "\(limit)", "error": "\(error)"])
            }
        }
    }

    private func passages(
        _ drafts: [DraftPassage],
        with wanted: Vectors,
        by maker: PassageMaker,
        in reference: IndexReference
    ) async throws -> ([IndexedPassage], Int) {
        var vectors = try await known.vectors(for: drafts.map(\.passage.hash), maker.generation, in: reference)
        var seen = Set(vectors.keys)
        let fresh = wanted == .known ? [] : drafts.filter { seen.insert($0.passage.hash).inserted }
        if !fresh.isEmpty {
            let encoded = try await maker.vectors(of: fresh)
            for (draft, vector) in zip(fresh, encoded) { vectors[draft.passage.hash] = vector }
        }
        return (drafts.map { $0.indexed(vectors[$0.passage.hash]) }, fresh.count)
    }

    private func row(
        _ document: Document,
        passages: Int,
        unembedded: Int = 0,
        skipped: SkipReason?
    ) -> IndexedDocument {
        IndexedDocument(
            path: document.path,
            tag: document.tag,
            version: document.version,
            size: document.bytes.count,
            language: Language.detect(path: document.path, head: document.bytes).name,
            passageCount: passages,
            unembedded: unembedded,
            skipped: skipped)
    }
}
