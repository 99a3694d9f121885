/// Writes an answer to a prompt: an LLM, or something that stands in for one.
public protocol Generator: Sendable {
    /// The models that it offers under their own names. Throws ``GeneratorError``.
    func models() async throws -> [GeneratorModel]
    /// The model that answers where none is named. Throws ``GeneratorError`` with code `modelNotFound` if there is none.
    func defaultModel() async throws -> GeneratorModel

    /// Starts writing.
    ///
    /// The sequence produces only as fast as it is read, and ends with exactly one `.finished`. Stopping to read
    /// (cancelling the task that iterates) stops the generator. The sequence throws ``GeneratorError``.
    func generate(_ request: GenerationRequest) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable
}
