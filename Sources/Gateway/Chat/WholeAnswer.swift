import FoundationEssentials
import Hearth
import OpenAI

/// A completion with the field `hearth`.
struct WholeAnswer: Encodable {
    private let completion: ChatCompletion
    private let report: AnswerReport

    init(_ answer: Answer, summary: AnswerSummary, open: OpenAnswer, fingerprint: String) {
        let message = ChatCompletion.Message(
            content: answer.text, annotations: AnswerReport.annotations(of: answer, project: open.question.projectID))
        completion = ChatCompletion(
            id: open.completionID, created: Int(Date().timeIntervalSince1970), model: open.question.model,
            systemFingerprint: fingerprint,
            choices: [.init(message: message, finishReason: summary.finishReason.rawValue)],
            usage: ChatUsage(promptTokens: summary.usage.prompt, completionTokens: summary.usage.completion))
        report = AnswerReport(answer, id: open.id, question: open.question)
    }

    func encode(to encoder: any Swift.Encoder) throws {
        try completion.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report, forKey: .hearth)
    }

    private enum CodingKeys: String, CodingKey { case hearth }
}
