/// The body of `POST /v1/embeddings`.
public struct EmbeddingRequest: Hashable, Sendable, Codable {
    /// What is to be embedded. Decoding never fails for a wrong shape: the server says what it takes.
    public enum Input: Hashable, Sendable, Codable {
        case texts([String])
        /// Token ids of some tokenizer, one text or several.
        case tokens
        case empty
        /// Neither text nor token ids, at this place of the list or as a whole.
        case other(index: Int?)

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            switch try container.decode(JSONValue.self) {
            case .string(let text): self = .texts([text])
            case .array(let values): self = Self.list(values)
            default: self = .other(index: nil)
            }
        }

        private static func list(_ values: [JSONValue]) -> Input {
            guard let first = values.first else { return .empty }
            switch first {
            case .integer, .array: return .tokens
            default: break
            }
            var texts: [String] = []
            texts.reserveCapacity(values.count)
            for (index, value) in values.enumerated() {
                guard let text = value.text else { return .other(index: index) }
                texts.append(text)
            }
            return .texts(texts)
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .texts(let texts): try container.encode(texts)
            case .tokens, .empty, .other: try container.encode([String]())
            }
        }
    }

    public var model: String
    public var input: Input
    /// `float` or `base64`.
    public var encodingFormat: String?
    public var dimensions: Int?
    public var user: String?

    public init(model: String, input: [String], encodingFormat: String? = nil, dimensions: Int? = nil) {
        self.model = model
        self.input = .texts(input)
        self.encodingFormat = encodingFormat
        self.dimensions = dimensions
    }

    enum CodingKeys: String, CodingKey {
        case model, input, dimensions, user
        case encodingFormat = "encoding_format"
    }
}
