/// A request for vectors, as a scripted server understood it.
public struct EmbeddingCall: Sendable {
    public let wire: ModelRequest.Wire
    public let model: String
    public let inputs: [String]

    /// Reads a body of `/api/embed` or `/v1/embeddings` and refuses all that its documentation does not know.
    init(_ body: JSON, wire: ModelRequest.Wire) throws {
        guard let fields = body.object else { throw BadRequest("the body is no object") }
        let known: Set<String> =
            switch wire {
            case .ollama: ["model", "input", "truncate", "dimensions", "keep_alive", "options"]
            case .openAI: ["model", "input", "encoding_format", "dimensions", "user"]
            }
        try OllamaRequestCheck.refuseUnknown(fields, known: known, where: "the request")
        guard let model = fields["model"]?.string, !model.isEmpty else { throw BadRequest("model is required") }
        guard let list = fields["input"]?.array, !list.isEmpty else { throw BadRequest("input is no list of texts") }
        let inputs = list.compactMap(\.string)
        guard inputs.count == list.count else { throw BadRequest("an input is no text") }
        guard inputs.allSatisfy({ !$0.isEmpty }) else { throw BadRequest("an input is empty") }
        if wire == .openAI, ![nil, "float", "base64"].contains(fields["encoding_format"]?.string) {
            throw BadRequest("unknown encoding_format")
        }
        self.wire = wire
        self.model = model
        self.inputs = inputs
    }
}
