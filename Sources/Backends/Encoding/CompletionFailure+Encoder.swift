import Hearth

extension CompletionFailure {
    /// The error that a refusal of `/v1/embeddings` with this status stands for.
    func encoderError(status: Int, model: String, server: String) -> EncoderError {
        let said = message.isEmpty ? "it gave no reason" : message
        if saysTooLong(status) {
            return EncoderError(.tooLong, "'\(model)' of \(server) takes no text as long as this (\(said)). Cut it.")
        }
        switch status {
        case 401, 403:
            return EncoderError(.refused, "\(server) refused the API key: \(said). Set openai.api_key.")
        case 404 where said.lowercased().contains("model") || kind.lowercased().contains("model"):
            return EncoderError(.refused, "\(server) has no model '\(model)': \(said). Choose another.")
        case 404, 405:
            return EncoderError(.refused, "\(server) has no embeddings. Its address usually ends with /v1.")
        case 408, 429, 500...:
            return EncoderError(.unavailable, "\(server) cannot encode now: \(said). Try again later.")
        default:
            return EncoderError(.refused, "\(server) refused to encode: \(said).")
        }
    }

    /// Beside what chat says: text-embeddings-inference has 413 with "must have less than 512 tokens", llama.cpp 500
    /// with "input is too large to process".
    private func saysTooLong(_ status: Int) -> Bool {
        let text = message.lowercased()
        return saysContextLength || text.contains("too large to process")
            || (status == 413 && text.contains("tokens"))
    }
}
