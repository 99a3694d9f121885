import FoundationEssentials

/// A request for `/api/chat`; the reply is always streamed.
public struct OllamaChatRequest: Sendable, Hashable {
    public var model: String
    public var messages: [OllamaMessage]
    public var options: OllamaOptions
    public var format: OllamaFormat?
    /// Seconds that the model stays loaded after the reply; negative: for ever; `nil`: as the server is set.
    public var keepAliveSeconds: Int?
    /// Whether a model that can is to think before it answers; `nil` leaves it to the server.
    public var thinks: Bool?
    /// Whether the server may drop messages that do not fit into the context. Servers before 0.12 always may.
    public var truncates: Bool
    /// Whether the server may forget the beginning of the prompt while it writes. Servers before 0.12 always may.
    public var shifts: Bool

    public init(
        model: String,
        messages: [OllamaMessage],
        options: OllamaOptions = OllamaOptions(),
        format: OllamaFormat? = nil,
        keepAliveSeconds: Int? = nil,
        thinks: Bool? = nil,
        truncates: Bool = false,
        shifts: Bool = false
    ) {
        self.model = model
        self.messages = messages
        self.options = options
        self.format = format
        self.keepAliveSeconds = keepAliveSeconds
        self.thinks = thinks
        self.truncates = truncates
        self.shifts = shifts
    }

    /// The request's JSON.
    ///
    /// - Throws: `refused` if the format is a schema that is no JSON object, or a number is not finite.
    func encoded() throws(OllamaError) -> Data {
        var body: Data
        do {
            body = try JSONEncoder().encode(
                Fields(
                    model: model, messages: messages, stream: true, options: options, keepAlive: keepAliveSeconds,
                    think: thinks, truncate: truncates, shift: shifts))
        } catch {
            throw OllamaError(.refused, "The request cannot be written as JSON.", underlying: error)
        }
        guard let format else { return body }
        // Spliced in as text, so that the keys of a schema keep their order.
        body.removeLast()
        body.append(contentsOf: #","format":"#.utf8)
        switch format {
        case .json: body.append(contentsOf: #""json""#.utf8)
        case .schema(let schema): body.append(try Self.checked(schema))
        }
        body.append(UInt8(ascii: "}"))
        return body
    }

    private static func checked(_ schema: String) throws(OllamaError) -> Data {
        let data = Data(schema.utf8)
        do {
            _ = try JSONDecoder().decode([String: AnyJSON].self, from: data)
        } catch {
            throw OllamaError(.refused, "The JSON schema of the request is no JSON object.", underlying: error)
        }
        return data
    }

    /// Accepts any JSON value; decoding it proves that the text is JSON.
    private struct AnyJSON: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    private struct Fields: Encodable {
        let model: String
        let messages: [OllamaMessage]
        let stream: Bool
        let options: OllamaOptions
        let keepAlive: Int?
        let think: Bool?
        let truncate: Bool
        let shift: Bool

        enum CodingKeys: String, CodingKey {
            case model, messages, stream, options, think, truncate, shift
            case keepAlive = "keep_alive"
        }
    }
}
