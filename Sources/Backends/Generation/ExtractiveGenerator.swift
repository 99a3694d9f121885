public import Hearth

/// Answers without a language model: quotes what the prompt's passages say about the question, each quote with its
/// place and marker.
///
/// Deterministic: the same prompt gives the same text.
public struct ExtractiveGenerator: Generator {
    public static let provider = "extractive"
    /// The whole answer where no passage fits the question.
    public static let abstention = PromptAssembler.abstention

    private let model: GeneratorModel

    /// - Parameter contextLength: tokens of the passages that it looks through.
    public init(contextLength: Int = 8192) {
        model = GeneratorModel(
            name: Self.provider, provider: Self.provider, contextLength: contextLength, continuation: .replay,
            digest: "1")
    }

    public func models() async throws -> [GeneratorModel] { [model] }
    public func defaultModel() async throws -> GeneratorModel { model }

    public func generate(
        _ request: GenerationRequest
    ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
        guard request.model.provider == Self.provider else {
            throw GeneratorError(
                .modelNotFound, "The extractive generator has no model '\(request.model.name)', only 'extractive'.")
        }
        guard request.options.responseFormat == .text else {
            throw GeneratorError(
                .refused, "The extractive generator quotes code and writes no JSON. Connect a language model.")
        }
        let answer = ExtractiveAnswer(quotes: QuoteSelection(request.prompt).quotes)
        let text = answer.limited(to: request.options)
        let usage = TokenUsage(
            prompt: request.prompt.estimatedTokens,
            completion: text.pieces.reduce(0) { $0 + TokenEstimate.tokens(of: $1) })
        return ExtractiveEvents(pieces: text.pieces, finish: .finished(text.reason, usage))
    }
}
