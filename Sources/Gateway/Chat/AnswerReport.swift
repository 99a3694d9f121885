import FoundationEssentials
import Hearth
import OpenAI

/// The field `hearth` of an answer: where it came from, for programs.
struct AnswerReport: Encodable, Sendable {
    struct Place: Encodable, Sendable {
        /// The `n` of the marker `[n]`.
        let number: Int
        let path: String
        let startLine: Int
        let endLine: Int
        let version: String
        let symbol: String
        let hash: String
        let url: String
        /// What the passage said; left out where the reader has not asked for it.
        let text: String?

        enum CodingKeys: String, CodingKey {
            case number, path, version, symbol, hash, url, text
            case startLine = "start_line"
            case endLine = "end_line"
        }

        init(_ passage: PassageReference, number: Int, project: ProjectID?, text: String? = nil) {
            self.number = number
            path = passage.path
            startLine = passage.lines.lowerBound
            endLine = passage.lines.upperBound
            version = passage.documentVersion
            symbol = passage.symbol
            hash = passage.hash
            url = SourceURL.url(of: passage, project: project)
            self.text = text
        }
    }

    let correlationID: CorrelationID
    let sessionID: SessionID
    let project: ProjectID?
    let generation: String?
    let encoder: String?
    /// Why passages were found by their words alone; absent if their meaning took part.
    let lexicalOnly: String?
    let generator: String?
    /// Of the model, where its provider tells it.
    let generatorDigest: String?
    /// The most tokens that prompt and answer could have together.
    let contextLength: Int?
    /// Names the prompt: equal prompts have equal hashes.
    let promptHash: String?
    let citations: [Place]
    /// Every passage of the prompt, in the order of its number.
    let passages: [Place]
    let removedMarkers: Int
    let stageSeconds: [String: Double]

    enum CodingKeys: String, CodingKey {
        case project, generation, encoder, generator, citations, passages
        case correlationID = "correlation_id"
        case sessionID = "session_id"
        case lexicalOnly = "lexical_only"
        case generatorDigest = "generator_digest"
        case contextLength = "context_length"
        case promptHash = "prompt_hash"
        case removedMarkers = "removed_markers"
        case stageSeconds = "stage_seconds"
    }

    /// - Parameter withTexts: gives what the cited passages said, too.
    init(_ answer: Answer, id: CorrelationID, question: Question, withTexts: Bool = false) {
        correlationID = id
        sessionID = question.sessionID
        project = question.projectID
        generation = answer.retrieval?.generation?.rawValue
        encoder = answer.retrieval?.encoder
        lexicalOnly = answer.retrieval?.lexicalOnly
        generator = answer.summary?.generator
        generatorDigest = answer.summary?.generatorDigest
        contextLength = answer.summary?.contextLength
        promptHash = answer.retrieval?.promptHash
        let project = question.projectID
        citations = (answer.summary?.citations ?? []).map {
            Place($0.passage, number: $0.number, project: project, text: withTexts ? $0.text : nil)
        }
        passages = (answer.retrieval?.passages ?? []).enumerated().map { Place($1, number: $0 + 1, project: project) }
        removedMarkers = answer.summary?.removedMarkers ?? 0
        stageSeconds = answer.summary?.stageSeconds ?? [:]
    }

    /// One annotation for each passage that each marker of the answer names.
    static func annotations(of answer: Answer, project: ProjectID?) -> [Annotation] {
        let cited = Dictionary(
            (answer.summary?.citations ?? []).map { ($0.number, $0.passage) }, uniquingKeysWith: { first, _ in first })
        guard !cited.isEmpty else { return [] }
        return MarkerScan.markers(in: answer.text).flatMap { marker in
            marker.numbers.compactMap { number in
                guard let passage = cited[number] else { return nil }
                return Annotation(
                    .init(
                        startIndex: marker.range.lowerBound, endIndex: marker.range.upperBound,
                        title: SourceURL.title(of: passage), url: SourceURL.url(of: passage, project: project)))
            }
        }
    }
}
