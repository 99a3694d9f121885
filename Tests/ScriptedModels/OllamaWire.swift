/// Newline-delimited JSON of `/api/chat`.
struct OllamaWire: ModelWire {
    let model: String
    var contentType: String { "application/x-ndjson" }

    func text(_ text: String) -> [UInt8] { line(["content": .string(text)]) }

    func thinking(_ text: String) -> [UInt8] { line(["content": .string(""), "thinking": .string(text)]) }

    func error(_ message: String) -> [UInt8] { json(.object(["error": .string(message)])) + [UInt8(ascii: "\n")] }

    func ending(reason: String, promptTokens: Int?, writtenTokens: Int) -> [UInt8] {
        var more: [String: JSON] = [
            "done": .bool(true), "done_reason": .string(reason), "eval_count": .number(Double(writtenTokens)),
            "total_duration": .number(123_456_789), "load_duration": .number(1_000), "eval_duration": .number(1_000),
        ]
        more["prompt_eval_count"] = promptTokens.map { .number(Double($0)) }
        return line(["content": .string("")], more)
    }

    private func line(_ message: [String: JSON], _ more: [String: JSON] = [:]) -> [UInt8] {
        let message = message.merging(["role": .string("assistant")]) { $1 }
        let fields: [String: JSON] = [
            "model": .string(model), "created_at": .string("2025-01-01T00:00:00Z"), "done": .bool(false),
            "message": .object(message),
        ]
        return json(.object(fields.merging(more) { $1 })) + [UInt8(ascii: "\n")]
    }
}
