import Backends
import Foundation
import Hearth
import SyntaxTree

/// Everything that a process of Hearth is made of on one machine: the only place where ports meet their adapters.
struct Composition: Sendable {
    let stores: StoreComposition
    let encoders: Encoders
    let generator: any Generator
    let retriever: Retriever
    let sources: SourceStores
    let reconciler: Reconciler
    let ingestPipeline: IngestPipeline
    let policy: RetryPolicy

    var configuration: EffectiveConfiguration { stores.configuration }

    /// Opens the stores and, where it is the standard encoder, loads the model.
    ///
    /// - Throws: ``StoreError``, ``ConfigurationError``, or the error of the part that cannot be opened.
    init(_ configuration: EffectiveConfiguration) async throws {
        stores = try await StoreComposition(configuration)
        let (timeline, index) = (stores.timeline, stores.index)
        let grammars = try GrammarLibrary(directory: stores.data.assets + "/grammars")
        let factory = EncoderFactory(configuration, assets: stores.data.assets)
        encoders = Encoders(
            standard: try factory.standard(), outliner: SyntaxTreeOutliner(grammars), grammars: grammars.fingerprint,
            open: { try await factory.open($0) })
        // A server may come later; a model that is not there will not.
        if encoders.standard.isEmbedded { _ = try await encoders.standardEncoder() }

        generator = try GeneratorFactory(configuration: configuration, logger: stores.logger).make()
        retriever = Retriever(encoders: encoders, index: index, logger: stores.logger)
        sources = SourceStores(configuration)
        let openStore: Reconciler.OpenStore = { [sources] in try sources.open($0) }
        reconciler = Reconciler(
            openStore: openStore, index: index, timeline: timeline, bus: stores.bus, encoders: encoders)
        ingestPipeline = IngestPipeline(
            openStore: openStore, timeline: timeline, index: index, encoders: encoders, logger: stores.logger)
        policy = RetryPolicy(maximumAttempts: max(1, configuration.integer(.maximumAttempts)))
    }

    /// How many documents are ingested at the same time.
    static func ingestSlots(_ configuration: EffectiveConfiguration) -> Int {
        let slots = configuration.integer(.ingestSlots)
        return slots == 0 ? ProcessInfo.processInfo.activeProcessorCount : slots
    }
}
