/// What is read of a server's reply to `/models`.
struct ServedModelList: Decodable, Sendable {
    struct Model: Decodable, Sendable {
        let id: String
        /// Tokens of prompt and answer; told by vLLM.
        let contextLength: Int?

        enum CodingKeys: String, CodingKey {
            case id
            case contextLength = "max_model_len"
        }
    }

    let data: [Model]
}
