/// An answer that was given before, as the API keeps it.
public struct PastAnswer: Hashable, Sendable, Decodable {
    public let status: String
    public let question: String
    public let text: String?
    public let origin: AnswerOrigin?

    public init(status: String, question: String, text: String?, origin: AnswerOrigin?) {
        self.status = status
        self.question = question
        self.text = text
        self.origin = origin
    }

    enum CodingKeys: String, CodingKey {
        case status, question, text
        case origin = "hearth"
    }
}
