/// What a generator is asked to write.
public struct GenerationRequest: Hashable, Sendable {
    public var model: GeneratorModel
    public var prompt: Prompt
    public var options: GenerationOptions
    /// The beginning of the answer, which is there already and is to be continued; only for `prefill` models.
    public var prefix: String

    public init(model: GeneratorModel, prompt: Prompt, options: GenerationOptions, prefix: String = "") {
        self.model = model
        self.prompt = prompt
        self.options = options
        self.prefix = prefix
    }
}
