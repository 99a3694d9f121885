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
            let container = try decoder.container(keyedBy: AnyKey.self)
            let known = Set(Key.allCases.map(\.rawValue))
            if let other = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
                throw VerifyError(
                    .invalidFile,
                    "A question of the suite has '\(other.stringValue)'. Known: \(known.sorted().joined(separator: ", "))."
                )
            }
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
            throw VerifyError(
                .invalidFile,
                "This is no suite: it has 'project', and 'questions' with 'question' and one or more of must_contain, must_not_contain, must_cite, must_abstain."
            )
        }
        guard !questions.isEmpty else { throw VerifyError(.invalidFile, "The suite has no questions.") }
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

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
