import Backends
import Evaluation
import FoundationEssentials
import Hearth
import Logging
import SyntaxTree

/// What an evaluation is made of: the product's own chunker, encoder and index, the index in a folder of its own that is
/// removed afterwards.
struct EvaluationComposition {
    private let configuration: EffectiveConfiguration
    private let data: DataDirectory
    private let outliner: SyntaxTreeOutliner
    private let grammars: String

    /// - Throws: ``ConfigurationError``, or the error of the grammars.
    init(_ configuration: EffectiveConfiguration) throws {
        self.configuration = configuration
        data = try DataDirectory(configuration)
        let library = try GrammarLibrary(directory: data.assets + "/grammars")
        outliner = SyntaxTreeOutliner(library)
        grammars = library.fingerprint
    }

    /// - Parameter cache: the folder that keeps vectors for later runs.
    func evaluate(
        _ source: EvaluationSource,
        _ request: EvaluationReport.Request,
        cache: String?,
        progress: @escaping RetrievalEvaluation.Progress
    ) async throws -> EvaluationReport {
        var logger = Logger(label: "hearth", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: configuration[.logLevel]) ?? .notice
        let factory = EncoderFactory(configuration, assets: data.assets)
        let encoder = try await factory.open(source.encoder ?? factory.standard())
        let memory = try VectorMemory(of: encoder.identity, in: cache.map(DataDirectory.absolute))
        let maker = PassageMaker(
            encoder: RememberingEncoder(encoder, memory: memory), outliner: outliner, grammars: grammars)
        let corpus = try await Corpus.read(source.store, outliner: outliner)
        let subject = RetrievalEvaluation.Subject(
            name: source.name, corpus: corpus, outliner: outliner, history: source.history)
        let scratch = FileManager.default.temporaryDirectory.appending(path: "hearth-eval-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let evaluation = RetrievalEvaluation(
            subject, index: LocalPassageIndex(root: scratch, fsync: false), maker: maker, logger: logger,
            progress: progress)
        return try await evaluation.run(request)
    }
}
