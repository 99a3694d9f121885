/// Server-sent events of `/v1/chat/completions`.
struct OpenAIWire: ModelWire {
    let model: String
    let includesUsage: Bool
    var contentType: String { "text/event-stream" }

    func text(_ text: String) -> [UInt8] { chunk(["content": .string(text)]) }

    func thinking(_ text: String) -> [UInt8] { chunk(["reasoning_content": .string(text)]) }

    func error(_ message: String) -> [UInt8] {
        event(.object(["error": .object(["message": .string(message), "type": .string("server_error")])]))
    }

    func ending(reason: String, promptTokens: Int?, writtenTokens: Int) -> [UInt8] {
        var bytes = chunk([:], finishReason: .string(reason))
        if includesUsage {
            let prompt = Double(promptTokens ?? 0)
            let usage: [String: JSON] = [
                "prompt_tokens": .number(prompt), "completion_tokens": .number(Double(writtenTokens)),
                "total_tokens": .number(prompt + Double(writtenTokens)),
            ]
            bytes += event(.object(head.merging(["choices": .array([]), "usage": .object(usage)]) { $1 }))
        }
        return bytes + Array("data: [DONE]\n\n".utf8)
    }

    private var head: [String: JSON] {
        [
            "id": .string("chatcmpl-scripted"), "object": .string("chat.completion.chunk"),
            "created": .number(1_735_689_600), "model": .string(model),
        ]
    }

    private func chunk(_ delta: [String: JSON], finishReason: JSON = .null) -> [UInt8] {
        let choice: JSON = .object(["index": .number(0), "delta": .object(delta), "finish_reason": finishReason])
        return event(.object(head.merging(["choices": .array([choice])]) { $1 }))
    }

    private func event(_ value: JSON) -> [UInt8] { Array("data: ".utf8) + json(value) + Array("\n\n".utf8) }
}
