/// What is read of a server's reply to `/models`.
struct ServedModelList: Decodable, Sendable {
    struct Model: Decodable, Sendable {
        let id: String
        /// Tokens of prompt and answer; told by vLLM.
        let contextLength: Int?
        /// The model behind the id; told by vLLM.
        let root: String?

        enum CodingKeys: String, CodingKey {
            case id, root
            case contextLength = "max_model_len"
        }
    }

    let data: [Model]
}
