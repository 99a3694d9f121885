/// What `/api/show` tells of a model.
public struct OllamaModelDetails: Sendable, Hashable, Decodable {
    /// Tokens of the longest context that the model was made for.
    public let contextLength: Int?
    /// Numbers of an embedding.
    public let embeddingLength: Int?
    /// For example `completion`, `embedding`, `tools`; `nil` with servers that do not tell.
    public let capabilities: [String]?

    public init(contextLength: Int?, embeddingLength: Int?, capabilities: [String]?) {
        self.contextLength = contextLength
        self.embeddingLength = embeddingLength
        self.capabilities = capabilities
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        capabilities = try fields.decodeIfPresent([String].self, forKey: .capabilities)
        // The names of the numbers begin with the architecture's: `llama.context_length`.
        guard let info = try? fields.nestedContainer(keyedBy: InfoKey.self, forKey: .modelInfo),
            let architecture = try? info.decode(String.self, forKey: InfoKey("general.architecture"))
        else {
            (contextLength, embeddingLength) = (nil, nil)
            return
        }
        contextLength = try? info.decode(Int.self, forKey: InfoKey("\(architecture).context_length"))
        embeddingLength = try? info.decode(Int.self, forKey: InfoKey("\(architecture).embedding_length"))
    }

    private enum Key: String, CodingKey {
        case capabilities
        case modelInfo = "model_info"
    }

    private struct InfoKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
