/// What `hearth eval retrieval` found. Apart from ``times``, the same index, questions and seed give the same bytes.
public struct EvaluationReport: Sendable, Codable {
    /// What was asked for.
    public struct Request: Hashable, Sendable, Codable {
        /// The most questions of a kind.
        public let questions: Int
        public let seed: UInt64
        public let kinds: [QuestionKind]

        public init(questions: Int, seed: UInt64, kinds: [QuestionKind]) {
            self.questions = questions
            self.seed = seed
            self.kinds = kinds
        }
    }

    /// What was searched.
    public struct Setup: Hashable, Sendable, Codable {
        /// The last name of the folder, or the project.
        public let codebase: String
        /// A hash of all texts that were indexed, by which two runs can be told apart.
        public let content: String
        public let files: Int
        public let passages: Int
        public let encoder: String
        public let chunker: String
        public let grammars: String
        public let candidates: Int
        public let features: [String]
    }

    public let request: Request
    public let setup: Setup
    public var kinds: [KindReport]
    /// Kinds of which there is no question, and why.
    public var skipped: [QuestionKind: String]
    public var times: Times
    /// Beside another run, if that was wanted.
    public var comparison: RunComparison?

    /// The only part that differs from run to run.
    public struct Times: Sendable, Codable {
        public var indexSeconds = 0.0
        public var search: [QuestionKind: SearchTimes] = [:]
    }

    /// How long a question took.
    public struct SearchTimes: Sendable, Codable {
        public let encode: Percentiles
        public let search: Percentiles
        public let rank: Percentiles
        public let total: Percentiles
    }
}
