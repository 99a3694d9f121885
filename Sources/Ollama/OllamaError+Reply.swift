extension OllamaError {
    /// The error that a reply with another status than 2xx stands for.
    init(status: Int, message: String, server: String) {
        let said = message.isEmpty ? "no reason given" : message
        switch status {
        case 404 where message.lowercased().contains("model"):
            self.init(.modelNotFound, said, status: status)
        case 404:
            self.init(.refused, "\(server) does not know this route; it seems to be no Ollama server.", status: status)
        case 429, 503:
            self.init(.busy, "Ollama at \(server) is busy: \(said)", status: status)
        case 502, 504:
            self.init(.unreachable, "Ollama behind \(server) does not answer: \(said)", status: status)
        case 400..<500:
            let code: Code = Self.namesContextLength(message) ? .contextLengthExceeded : .refused
            self.init(code, "Ollama at \(server) refused the request: \(said)", status: status)
        default:
            self.init(.serverFailed, "Ollama at \(server) failed: \(said)", status: status)
        }
    }

    /// The error of a line `{"error": …}` in the middle of a reply, which has begun with status 200.
    init(line message: String) {
        let isBusy = message.contains("server busy")
        let code: Code =
            isBusy ? .busy : Self.namesContextLength(message) ? .contextLengthExceeded : .serverFailed
        self.init(code, "Ollama broke off: \(message)", status: 200)
    }

    /// Ollama has no error codes: that the input was too long stands in the message only.
    private static func namesContextLength(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.contains("context length") || message.contains("context size")
            || message.contains("context window")
    }
}
