package import Hearth

/// Finds out whether Ollama has cut a prompt silently.
///
/// Servers before 0.12 drop messages, or the prompt's beginning, when the prompt is longer than the context, and
/// proxies lose `num_ctx`, so that the context is smaller than was asked for. The only trace is the number of prompt
/// tokens in the reply's last line. It is absent where the prompt came from the server's cache; then nothing can be
/// told, and nothing is.
package struct OllamaPromptCheck: Sendable, Hashable {
    let model: String
    let contextLength: Int
    let estimatedTokens: Int
    let promptBytes: Int

    /// No server cuts to less than this, so that a smaller count is the uncached rest of a cached prompt.
    private static let smallestContext = 1024
    /// No tokenizer of a current model makes fewer tokens of real text.
    private static let mostBytesPerToken = 8

    package init(_ request: GenerationRequest) {
        model = request.model.name
        contextLength = request.model.contextLength
        estimatedTokens = request.prompt.estimatedTokens
        promptBytes = request.prompt.messages.reduce(0) { $0 + $1.content.utf8.count }
    }

    /// Throws `contextLengthExceeded` for a prompt that cannot fit.
    package func refuseHopeless() throws(GeneratorError) {
        guard estimatedTokens > contextLength else { return }
        throw GeneratorError(.contextLengthExceeded, Self.advice(model: model))
    }

    /// Throws `contextLengthExceeded` if the tokens that the server read are not those of the whole prompt.
    package func check(promptTokens: Int?) throws(GeneratorError) {
        guard let promptTokens, promptTokens >= Self.smallestContext || promptTokens >= contextLength else { return }
        let fillsContext = promptTokens >= contextLength
        let lostMost = promptTokens * Self.mostBytesPerToken < promptBytes
        guard fillsContext || lostMost else { return }
        throw GeneratorError(
            .contextLengthExceeded,
            "Ollama read only \(promptTokens) tokens of a prompt of about \(estimatedTokens): it cut the rest. "
                + Self.advice(model: model))
    }

    package static func advice(model: String) -> String {
        "The prompt does not fit into the context of '\(model)'. Set a larger context length for it, or ask with "
            + "fewer messages."
    }
}
