public import Logging

/// Takes one document into the index: read, check, chunk, encode what is new, replace.
public struct IngestPipeline: Sendable {
    /// Tokens of a passage below which no document is cut: who refuses those will refuse all.
    private static let shortestPassage = 32

    private let openStore: Reconciler.OpenStore
    private let timeline: any Timeline
    private let index: any PassageIndex
    private let encoders: Encoders
    private let logger: Logger

    public init(
        openStore: @escaping Reconciler.OpenStore,
        timeline: any Timeline,
        index: any PassageIndex,
        encoders: Encoders,
        logger: Logger
    ) {
        self.openStore = openStore
        self.timeline = timeline
        self.index = index
        self.encoders = encoders
        self.logger = logger
    }

    /// Brings the index up to date with the document as it is now. Doing it again changes nothing.
    ///
    /// - Throws: ``StoreError`` or ``EncoderError``.
    public func ingest(_ task: IngestTask) async throws -> IngestOutcome {
        guard let project = try await timeline.project(task.projectID) else { return .obsolete }
        let maker = try await encoders.maker(for: project)
        guard task.generation == maker.generation.name else { return .obsolete }
        let reference = try await index.prepare(maker.generation, of: project.id)
        let store = try openStore(project)
        let limit = project.settings.maximumDocumentBytes
        guard task.change == .changed, let document = try await store.read(task.path, limit: limit) else {
            try await index.remove([task.path], from: reference)
            return .removed
        }
        let text: SourceText
        do {
            text = try SourceText(document.bytes, path: document.path)
        } catch {
            try await index.replace(row(document, passages: 0, skipped: error.reason), with: [], in: reference)
            return .skipped(error.reason)
        }
        let (embedded, encoded) = try await embed(text, of: document, by: maker, in: reference)
        try await index.replace(row(document, passages: embedded.count, skipped: nil), with: embedded, in: reference)
        return .indexed(
            passages: embedded.count, embedded: encoded, bytes: document.bytes.count, maskedSecrets: text.maskedSecrets)
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
        _ passages: [Passage],
        by maker: PassageMaker,
        in reference: IndexReference
    ) async throws -> ([EmbeddedPassage], Int) {
        var vectors = try await index.vectors(for: passages.map(\.hash), in: reference)
        var seen = Set(vectors.keys)
        let fresh = passages.filter { seen.insert($0.hash).inserted }
        if !fresh.isEmpty {
            let encoded = try await maker.vectors(of: fresh.map(\.embeddedText))
            for (passage, vector) in zip(fresh, encoded) { vectors[passage.hash] = vector }
        }
        let embedded = passages.compactMap { passage in
            vectors[passage.hash].map { EmbeddedPassage(passage: passage, vector: $0) }
        }
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
