import Hearth
import NIOCore
import OpenAI

/// The chunks of one streamed answer.
///
/// All but the last few differ in their text only: what is the same is written once.
struct ChunkTemplate: Sendable {
    let id: String
    let created: Int
    let model: String
    let fingerprint: String
    let includesUsage: Bool
    private let head: [UInt8]
    private let tail: [UInt8]

    init(id: String, created: Int, model: String, fingerprint: String, includesUsage: Bool) {
        self.id = id
        self.created = created
        self.model = model
        self.fingerprint = fingerprint
        self.includesUsage = includesUsage
        var head = Array(#"data: {"id":"#.utf8)
        JSONText.append(id, to: &head)
        head.append(contentsOf: #","object":"chat.completion.chunk","created":\#(created),"model":"#.utf8)
        JSONText.append(model, to: &head)
        head.append(contentsOf: #","system_fingerprint":"#.utf8)
        JSONText.append(fingerprint, to: &head)
        self.head = head
        tail = Array(#","logprobs":null,"finish_reason":null}]\#(includesUsage ? #","usage":null"# : "")}"#.utf8)
    }

    /// The first chunk.
    func role() -> [UInt8] {
        var bytes = head
        bytes.append(
            contentsOf: #","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null}"#.utf8)
        bytes.append(contentsOf: tail)
        return bytes + Self.end
    }

    /// A piece of text.
    func text(_ text: String) -> [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(head.count + tail.count + text.utf8.count + 64)
        bytes.append(contentsOf: head)
        bytes.append(contentsOf: #","choices":[{"index":0,"delta":{"content":"#.utf8)
        JSONText.append(text, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        bytes.append(contentsOf: tail)
        bytes.append(contentsOf: Self.end)
        return bytes
    }

    /// What is shown when the text so far is void: it cannot be unsaid on this stream, so a line is drawn, and
    /// programs are told by `hearth.restarted`.
    func restarted() -> [UInt8] {
        var bytes = head
        bytes.append(contentsOf: #","hearth":{"restarted":true},"choices":[{"index":0,"delta":{"content":"#.utf8)
        JSONText.append("\n\n---\n\n*The worker was lost; the answer starts again:*\n\n", to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        bytes.append(contentsOf: tail)
        return bytes + Self.end
    }

    /// The chunk with the finish reason, the citations and where the answer came from.
    func last(_ answer: Answer, summary: AnswerSummary, id: CorrelationID, question: Question) throws -> [UInt8] {
        let annotations = AnswerReport.annotations(of: answer, project: question.projectID)
        let chunk = ChatCompletionChunk(
            id: self.id, created: created, model: model, systemFingerprint: fingerprint,
            choices: [
                .init(
                    delta: .init(annotations: annotations.isEmpty ? nil : annotations),
                    finishReason: summary.finishReason.rawValue)
            ])
        let reported = Reported(
            chunk: chunk, report: AnswerReport(answer, id: id, question: question), hasUsage: includesUsage)
        return try Self.data(reported)
    }

    /// The chunk with the usage.
    func usage(_ usage: TokenUsage) throws -> [UInt8] {
        try Self.data(
            ChatCompletionChunk(
                id: id, created: created, model: model, systemFingerprint: fingerprint, choices: [],
                usage: ChatUsage(promptTokens: usage.prompt, completionTokens: usage.completion)))
    }

    static let done = Array("data: [DONE]\n\n".utf8)

    static func data(_ value: some Encodable) throws -> [UInt8] {
        Array("data: ".utf8) + (try ReplyCoding.encode(value)) + end
    }

    static func comment(_ text: String) -> [UInt8] { Array(": \(text)\n\n".utf8) }

    private static let end = Array("\n\n".utf8)

    private struct Reported: Encodable {
        let chunk: ChatCompletionChunk
        let report: AnswerReport
        let hasUsage: Bool

        func encode(to encoder: any Swift.Encoder) throws {
            try chunk.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(report, forKey: .hearth)
            if hasUsage { try container.encodeNil(forKey: .usage) }
        }

        enum CodingKeys: String, CodingKey { case hearth, usage }
    }
}
