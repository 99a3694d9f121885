/// Takes one document into the index: read, check, chunk, encode what is new, replace.
public struct IngestPipeline: Sendable {
    private let openStore: Reconciler.OpenStore
    private let timeline: any Timeline
    private let index: any PassageIndex
    private let encoder: any Encoder
    private let chunker: Chunker
    private let generation: IndexGeneration

    public init(
        openStore: @escaping Reconciler.OpenStore,
        timeline: any Timeline,
        index: any PassageIndex,
        encoder: any Encoder,
        chunker: Chunker,
        generation: IndexGeneration
    ) {
        self.openStore = openStore
        self.timeline = timeline
        self.index = index
        self.encoder = encoder
        self.chunker = chunker
        self.generation = generation
    }

    /// Brings the index up to date with the document as it is now. Doing it again changes nothing.
    ///
    /// - Throws: ``StoreError`` or ``EncoderError``.
    public func ingest(_ task: IngestTask) async throws -> IngestOutcome {
        guard task.generation == generation.name, let project = try await timeline.project(task.projectID) else {
            return .obsolete
        }
        let reference = try await index.prepare(generation, of: project.id)
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
        let passages = cut(text, of: document)
        let (embedded, encoded) = try await embed(passages, in: reference)
        try await index.replace(row(document, passages: passages.count, skipped: nil), with: embedded, in: reference)
        return .indexed(
            passages: passages.count, embedded: encoded, bytes: document.bytes.count, maskedSecrets: text.maskedSecrets)
    }

    private func cut(_ text: SourceText, of document: Document) -> [Passage] {
        let language = Language.detect(path: document.path, head: text.bytes)
        return chunker.chunks(of: text.bytes, path: document.path, language: language).map { chunk in
            let source = String(decoding: text.bytes[chunk.bytes], as: UTF8.self)
            let hash = Digest.sha256(chunk.header.isEmpty ? source : chunk.header + "\n" + source)
            let place = "\(document.path):\(chunk.bytes.lowerBound)"
            return Passage(
                id: String(Digest.sha256(of: [place, hash]).prefix(32)),
                path: document.path,
                language: language.name,
                lines: chunk.lines,
                bytes: chunk.bytes,
                documentVersion: document.version,
                symbol: chunk.symbol ?? "",
                header: chunk.header,
                text: source,
                hash: hash)
        }
    }

    /// Vectors for all passages, and how many of them had to be computed.
    private func embed(
        _ passages: [Passage],
        in reference: IndexReference
    ) async throws -> ([EmbeddedPassage], Int) {
        var vectors = try await index.vectors(for: passages.map(\.hash), in: reference)
        var seen = Set(vectors.keys)
        let fresh = passages.filter { seen.insert($0.hash).inserted }
        if !fresh.isEmpty {
            let encoded = try await encoder.encode(fresh.map(\.embeddedText))
            guard encoded.count == fresh.count, encoded.allSatisfy({ $0.count == encoder.identity.dimension }) else {
                throw EncoderError(
                    .dimensionMismatch,
                    "The encoder \(encoder.identity.name) returned vectors of another dimension than "
                        + "\(encoder.identity.dimension). Check its configuration.")
            }
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
