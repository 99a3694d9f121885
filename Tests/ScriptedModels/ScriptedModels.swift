/// A server of language models that does what a script says, in Ollama's protocol and in OpenAI's.
public struct ScriptedModels: Sendable {
    /// A model that the server offers.
    public struct Model: Sendable {
        public let name: String
        /// Tokens; `nil` is not told.
        public let contextLength: Int?
        /// Ollama's capabilities; `nil` is not told.
        public let capabilities: [String]?
        /// Numbers of a vector.
        public let dimension: Int
        /// Words of a text above which it is refused, or cut where the request allows it: what the server really has.
        public let longestText: Int
        public let digest: String
        /// The length of its vectors.
        public let vectorLength: Double

        public init(
            _ name: String,
            contextLength: Int? = 131_072,
            capabilities: [String]? = ["completion"],
            dimension: Int = 4096,
            longestText: Int? = nil,
            digest: String? = nil,
            vectorLength: Double = 1
        ) {
            self.name = name
            self.contextLength = contextLength
            self.capabilities = capabilities
            self.dimension = dimension
            self.longestText = longestText ?? contextLength ?? 512
            self.digest = digest ?? "digest-of-\(name)"
            self.vectorLength = vectorLength
        }
    }

    public var models: [Model]
    /// What a bearer token must be; `nil` asks for none.
    public var apiKey: String?
    public var script: @Sendable (ModelRequest) -> ModelScript
    /// What is done with a request for vectors.
    public var embedding: @Sendable (EmbeddingCall) -> EmbeddingScript
    public let statistics = ServerStatistics()
    public let change = ModelChange()

    public init(
        models: [Model] = [Model("scripted:latest")],
        apiKey: String? = nil,
        script: @escaping @Sendable (ModelRequest) -> ModelScript
    ) {
        self.models = models
        self.apiKey = apiKey
        embedding = { _ in .vectors }
        self.script = script
    }

    /// A server that is asked for vectors.
    public init(
        encoders: [Model],
        embedding: @escaping @Sendable (EmbeddingCall) -> EmbeddingScript = { _ in .vectors }
    ) {
        self.init(models: encoders) { _ in ModelScript(texts: ["hello"]) }
        self.embedding = embedding
    }
}
