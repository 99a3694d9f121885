import Backends
import Foundation
import Hearth
import MiniLM
import SyntaxTree

/// Everything that a process of Hearth is made of on one machine: the only place where ports meet their adapters.
struct Composition: Sendable {
    let stores: StoreComposition
    let encoder: any Hearth.Encoder
    let generator: any Generator
    let retriever: Retriever
    let reconciler: Reconciler
    let ingestPipeline: IngestPipeline
    let policy: RetryPolicy

    var configuration: EffectiveConfiguration { stores.configuration }

    /// Opens the stores and loads the model.
    ///
    /// - Throws: ``StoreError``, ``ConfigurationError``, or the error of the part that cannot be opened.
    init(_ configuration: EffectiveConfiguration) async throws {
        stores = try StoreComposition(configuration)
        let (timeline, index, assets) = (stores.timeline, stores.index, stores.data.assets)

        let precision = SentenceEncoder.Precision(rawValue: configuration[.precision])
        let encoder = MiniLMEncoder(
            try SentenceEncoder(directory: assets + "/minilm", precision: precision),
            streams: Self.ingestSlots(configuration))
        self.encoder = encoder

        let grammars = try GrammarLibrary(directory: assets + "/grammars")
        let generation = IndexGeneration(
            encoder: encoder.identity.fingerprint, dimension: encoder.identity.dimension, chunker: Chunker.version,
            grammars: grammars.fingerprint)
        let chunker = Chunker(
            outliner: SyntaxTreeOutliner(grammars), limit: encoder.identity.maximumTokens,
            tokenCount: { encoder.tokenCount(of: $0) })

        generator = try GeneratorFactory(configuration: configuration, logger: stores.logger).make()
        retriever = Retriever(encoder: encoder, index: index)
        let openStore: Reconciler.OpenStore = { project in
            try FolderDocumentStore(root: project.source, settings: project.settings)
        }
        reconciler = Reconciler(
            openStore: openStore, index: index, timeline: timeline, bus: stores.bus, generation: generation)
        ingestPipeline = IngestPipeline(
            openStore: openStore, timeline: timeline, index: index, encoder: encoder, chunker: chunker,
            generation: generation)
        policy = RetryPolicy(maximumAttempts: max(1, configuration.integer(.maximumAttempts)))
    }

    /// How many documents are ingested at the same time.
    static func ingestSlots(_ configuration: EffectiveConfiguration) -> Int {
        let slots = configuration.integer(.ingestSlots)
        return slots == 0 ? ProcessInfo.processInfo.activeProcessorCount : slots
    }
}
