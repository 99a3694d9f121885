import FoundationEssentials

/// A line of a chat reply as it stands on the wire.
struct ChatLine: Decodable {
    let error: String?
    let message: Message?
    let done: Bool?
    let doneReason: String?
    let promptEvalCount: Int?
    let evalCount: Int?

    struct Message: Decodable {
        let content: String?
        let thinking: String?
    }

    private enum CodingKeys: String, CodingKey {
        case error, message, done
        case doneReason = "done_reason"
        case promptEvalCount = "prompt_eval_count"
        case evalCount = "eval_count"
    }

    /// Reads a line.
    ///
    /// - Throws: `malformedReply`, or the error that the line itself tells.
    static func reply(_ line: some Sequence<UInt8>) throws(OllamaError) -> OllamaChatReply {
        let line = try decoded(Data(line))
        if let error = line.error { throw OllamaError(line: error) }
        guard line.message != nil || line.done == true else {
            throw OllamaError(.malformedReply, "Ollama sent a line with neither a message nor an end.")
        }
        var reply = OllamaChatReply(text: line.message?.content ?? "", thinking: line.message?.thinking ?? "")
        if line.done == true {
            reply.ending = OllamaChatReply.Ending(
                reason: line.doneReason ?? "stop", promptTokens: line.promptEvalCount, writtenTokens: line.evalCount)
        }
        return reply
    }

    private static func decoded(_ data: Data) throws(OllamaError) -> ChatLine {
        if let line = try? JSONDecoder().decode(ChatLine.self, from: data) { return line }
        do {
            // A model may write half a character; what is no UTF-8 becomes U+FFFD instead of ending the answer.
            let repaired = String(decoding: data, as: UTF8.self)
            return try JSONDecoder().decode(ChatLine.self, from: Data(repaired.utf8))
        } catch {
            throw OllamaError(.malformedReply, "Ollama sent a line that is no JSON of a chat.", underlying: error)
        }
    }
}
