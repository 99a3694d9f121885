/// One question of a case in a report.
public struct AskRecord: Hashable, Sendable, Codable {
    public var book: String
    public var question: String
    public var answer: String
    public var citations: [String]
    public var correlationID: String?
    public var promptHash: String?
    public var promptTokens: Int?
    /// Passages of the prompt, and at which place of them the fact stood, from 1; the first of several facts.
    public var promptPassages: Int
    public var goldPlace: Int?
    public var citationPrecision: Double?
    public var citationRecall: Double?
    public var seconds: Double

    init(_ observation: Observation) {
        book =
            switch observation.ask.book {
            case .open(let slot): slot.rawValue
            case .project(let id): id
            case .closed: "closed"
            }
        question = observation.ask.question
        switch observation.reply {
        case .answer(let given): answer = given.text
        case .refusal(let status, let code, let message): answer = "refused with \(status) \(code): \(message)"
        }
        let origin = observation.answer?.origin
        citations = (origin?.citations ?? []).map { "[\($0.number)] \($0.label)" }
        correlationID = origin?.correlationID
        promptHash = origin?.promptHash
        promptTokens = observation.answer?.promptTokens
        promptPassages = origin?.passages.count ?? 0
        goldPlace = observation.ask.gold.compactMap(observation.place).first.map { $0 + 1 }
        let citation = CitationCheck(observation)
        citationPrecision = citation.precision
        citationRecall = citation.recall
        seconds = (observation.seconds * 1000).rounded() / 1000
    }
}
