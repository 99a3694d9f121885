import Hearth

/// A question with its right answers.
public struct EvaluationQuestion: Hashable, Sendable {
    /// Where a right answer is.
    public struct Target: Hashable, Sendable, Codable {
        public let path: String
        /// `nil` if the whole file is meant.
        public let lines: ClosedRange<Int>?

        public init(path: String, lines: ClosedRange<Int>? = nil) {
            self.path = path
            self.lines = lines
        }

        public func encode(to encoder: any Swift.Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(lines.map { "\(path):\($0.lowerBound)-\($0.upperBound)" } ?? path)
        }

        public init(from decoder: any Swift.Decoder) throws {
            let text = try decoder.singleValueContainer().decode(String.self)
            let parts = text.split(separator: ":")
            let numbers = parts.count > 1 ? (parts.last ?? "").split(separator: "-").compactMap { Int($0) } : []
            let isRange = numbers.count == 2 && numbers[0] <= numbers[1]
            path = isRange ? parts.dropLast().joined(separator: ":") : text
            lines = isRange ? numbers[0]...numbers[1] : nil
        }
    }

    public let kind: QuestionKind
    public let text: String
    public let targets: [Target]
    /// The document that the question is taken from, which is no answer; as good as not in the index.
    public let source: String?
    /// The commit before which it was asked.
    public let commit: String?

    public init(
        kind: QuestionKind,
        text: String,
        targets: [Target],
        source: String? = nil,
        commit: String? = nil
    ) {
        self.kind = kind
        self.text = text
        self.targets = targets
        self.source = source
        self.commit = commit
    }

    /// The same with other right answers.
    func answered(by targets: [Target]) -> EvaluationQuestion {
        EvaluationQuestion(kind: kind, text: text, targets: targets, source: source, commit: commit)
    }

    /// Stays the same when the code around the answer moves, so that runs over versions of a codebase can be paired.
    public var id: String { String(Digest.sha256(of: [kind.rawValue, text]).prefix(16)) }
}
