import FoundationEssentials
import OpenAI

/// A user's own questions about a project, and what must be true of the answers.
public struct VerifySuite: Hashable, Sendable, Decodable {
    /// One question.
    public struct Question: Hashable, Sendable, Decodable {
        public var name: String?
        public var question: String
        /// Words and numbers that stand in the answer whole.
        public var mustContain: [String]
        public var mustNotContain: [String]
        /// Files, or folders with a slash at their end, of which the answer cites a passage.
        public var mustCite: [String]
        /// The answer is the sentence of abstention and cites nothing.
        public var mustAbstain: Bool

        public init(from decoder: any Decoder) throws {
            try AnyKey.refuseOthers(than: Key.allCases.map(\.rawValue), in: decoder)
            let keyed = try decoder.container(keyedBy: Key.self)
            name = try keyed.decodeIfPresent(String.self, forKey: .name)
            question = try keyed.decode(String.self, forKey: .question)
            mustContain = try keyed.decodeIfPresent(TextList.self, forKey: .mustContain)?.texts ?? []
            mustNotContain = try keyed.decodeIfPresent(TextList.self, forKey: .mustNotContain)?.texts ?? []
            mustCite = try keyed.decodeIfPresent(TextList.self, forKey: .mustCite)?.texts ?? []
            mustAbstain = try keyed.decodeIfPresent(Bool.self, forKey: .mustAbstain) ?? false
            guard mustAbstain || !(mustContain + mustNotContain + mustCite).isEmpty else {
                throw VerifyError(
                    .invalidFile, "The question '\(question)' of the suite demands nothing of its answer.")
            }
        }

        private enum Key: String, CodingKey, CaseIterable {
            case name, question
            case mustContain = "must_contain"
            case mustNotContain = "must_not_contain"
            case mustCite = "must_cite"
            case mustAbstain = "must_abstain"
        }
    }

    public var project: String
    public var questions: [Question]

    public init(from decoder: any Decoder) throws {
        try AnyKey.refuseOthers(than: Key.allCases.map(\.rawValue), in: decoder)
        let keyed = try decoder.container(keyedBy: Key.self)
        project = try keyed.decode(String.self, forKey: .project)
        questions = try keyed.decode([Question].self, forKey: .questions)
    }

    private enum Key: String, CodingKey, CaseIterable {
        case project, questions
    }

    /// Reads YAML (the part of it that ``PlainYAML`` knows) or JSON.
    ///
    /// - Throws: ``VerifyError`` `invalidFile`.
    public init(_ text: String) throws {
        do {
            let data =
                text.drop(while: \.isWhitespace).first == "{"
                ? Data(text.utf8) : try JSONEncoder().encode(try PlainYAML.value(of: text))
            self = try JSONDecoder().decode(VerifySuite.self, from: data)
        } catch let error as VerifyError {
            throw error
        } catch {
            throw VerifyError(.invalidFile, (error as? DecodingError).flatMap(Self.fault) ?? Self.shape)
        }
        guard !questions.isEmpty else { throw VerifyError(.invalidFile, "The suite has no questions.") }
        var names: Set<String> = []
        for item in verifyCases where !names.insert(item.id).inserted {
            throw VerifyError(
                .invalidFile, "Two questions of the suite are named '\(item.id.dropFirst("suite/".count))'.")
        }
    }

    private static let shape =
        "This is no suite: it has 'project', and 'questions' with 'question' and one or more of must_contain, must_not_contain, must_cite, must_abstain."

    /// Which key of which question is wrong; `nil` if it is the whole.
    private static func fault(_ error: DecodingError) -> String? {
        switch error {
        case .keyNotFound(let key, let context):
            "The suite\(context.codingPath.isEmpty ? "" : "'s \(place(context.codingPath))") has no '\(key.stringValue)'."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.last { $0.intValue == nil }.map { key in
                "'\(key.stringValue)' of \(place(context.codingPath)) has a value of another kind: must_abstain takes true or false, questions a list, everything else a text or a list of texts."
            }
        default: nil
        }
    }

    /// The question that a path leads to, as a person counts.
    private static func place(_ path: [any CodingKey]) -> String {
        path.count > 1 ? path[1].intValue.map { "question \($0 + 1)" } ?? "the suite" : "the suite"
    }

    var verifyCases: [VerifyCase] {
        questions.enumerated().map { place, question in
            var expectations: [Expectation] = question.mustAbstain ? [.abstains] : []
            expectations += question.mustContain.map { .contains($0) }
            expectations += question.mustNotContain.map { .lacks($0) }
            expectations += question.mustCite.map { .citesFile($0) }
            return VerifyCase(
                .suite, question.name ?? "\(place + 1)", [Ask(.project(project), question.question, expectations)])
        }
    }
}

/// One text or several.
private struct TextList: Decodable {
    let texts: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            texts = [text]
        } else {
            texts = try container.decode([String].self)
        }
    }
}

/// Any key, so that those can be refused that nobody reads.
private struct AnyKey: CodingKey {
    /// - Throws: ``VerifyError`` `invalidFile` that names the key and its question.
    static func refuseOthers(than known: [String], in decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys
        guard let other = keys.first(where: { !known.contains($0.stringValue) }) else { return }
        let place = decoder.codingPath.last?.intValue.map { "Question \($0 + 1) of the suite" } ?? "The suite"
        throw VerifyError(
            .invalidFile, "\(place) has '\(other.stringValue)'. Known: \(known.sorted().joined(separator: ", ")).")
    }

    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
