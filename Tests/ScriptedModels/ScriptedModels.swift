/// A server of language models that does what a script says, in Ollama's protocol and in OpenAI's.
public struct ScriptedModels: Sendable {
    /// A model that the server offers.
    public struct Model: Sendable {
        public let name: String
        /// Tokens; `nil` is not told.
        public let contextLength: Int?
        /// Ollama's capabilities; `nil` is not told.
        public let capabilities: [String]?

        public init(_ name: String, contextLength: Int? = 131_072, capabilities: [String]? = ["completion"]) {
            self.name = name
            self.contextLength = contextLength
            self.capabilities = capabilities
        }
    }

    public var models: [Model]
    /// What a bearer token must be; `nil` asks for none.
    public var apiKey: String?
    public var script: @Sendable (ModelRequest) -> ModelScript
    public let statistics = ServerStatistics()

    public init(
        models: [Model] = [Model("scripted:latest")],
        apiKey: String? = nil,
        script: @escaping @Sendable (ModelRequest) -> ModelScript
    ) {
        self.models = models
        self.apiKey = apiKey
        self.script = script
    }
}
