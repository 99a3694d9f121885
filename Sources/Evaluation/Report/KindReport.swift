/// How well one kind of questions was answered.
public struct KindReport: Sendable, Codable {
    /// What a variant scored.
    public struct Row: Sendable, Codable {
        public let variant: String
        public let metrics: [RankingMetrics.Name: Interval]
    }

    /// What a rank feature earns: all features together less all but this one.
    public struct Ablation: Sendable, Codable {
        public let feature: String
        public let earns: [RankingMetrics.Name: Interval]
    }

    /// One question, so that runs can be compared pair by pair.
    public struct Asked: Sendable, Codable {
        public let id: String
        /// Cut where it is long.
        public let text: String
        public let targets: [EvaluationQuestion.Target]
        /// At which ranks each variant has the right answers.
        public let ranks: [String: [Int]]

        func judgement(_ variant: String) -> Judgement? {
            ranks[variant].map { Judgement(ranks: $0, relevant: targets.count) }
        }
    }

    public let kind: QuestionKind
    public let unit: RelevanceUnit
    /// How many there would be.
    public let available: Int
    public let leftOut: [String: Int]
    public let rows: [Row]
    public let ablation: [Ablation]
    /// Of `bm25` and `dense`, the one with the higher NDCG@10.
    public let bestSingle: String
    /// All features together less ``bestSingle``.
    public let lead: [RankingMetrics.Name: Interval]
    public let questions: [Asked]

    private static let longestText = 160

    init(
        _ kind: QuestionKind,
        available: Int,
        leftOut: [String: Int],
        answers: [(question: EvaluationQuestion, judgements: [RankingVariant: Judgement])],
        features: [String],
        seed: UInt64
    ) {
        self.kind = kind
        unit = kind.unit
        self.available = available
        self.leftOut = leftOut
        let answers = answers.sorted { $0.question.id < $1.question.id }
        questions = answers.map { answer in
            Asked(
                id: answer.question.id, text: String(answer.question.text.prefix(Self.longestText)),
                targets: answer.question.targets,
                ranks: Dictionary(
                    answer.judgements.map { ($0.key.name, $0.value.ranks) }, uniquingKeysWith: { first, _ in first }))
        }
        let bootstrap = Bootstrap(seed: seed, count: answers.count)
        let variants = RankingVariant.main + features.map { .without($0) }
        let scores = Scores(answers.map(\.judgements), variants: variants)
        rows = variants.map { variant in
            Row(variant: variant.name, metrics: scores.each { bootstrap.interval(of: scores[variant, $0]) })
        }
        ablation = features.map { feature in
            Ablation(
                feature: feature,
                earns: scores.each { bootstrap.difference(scores[.ranked, $0], scores[.without(feature), $0]) })
        }
        let isLexical = scores.mean(.bm25, .ndcgAt10) >= scores.mean(.dense, .ndcgAt10)
        let single: RankingVariant = isLexical ? .bm25 : .dense
        bestSingle = single.name
        lead = scores.each { bootstrap.difference(scores[.ranked, $0], scores[single, $0]) }
    }

    /// One value for each question, of each variant and metric.
    private struct Scores {
        private var values: [RankingVariant: [RankingMetrics.Name: [Double]]] = [:]

        init(_ judgements: [[RankingVariant: Judgement]], variants: [RankingVariant]) {
            for variant in variants {
                let metrics = judgements.map { RankingMetrics($0[variant] ?? Judgement(ranks: [], relevant: 0)) }
                for name in RankingMetrics.Name.allCases {
                    values[variant, default: [:]][name] = metrics.map { $0[name] }
                }
            }
        }

        subscript(variant: RankingVariant, name: RankingMetrics.Name) -> [Double] { values[variant]?[name] ?? [] }

        func mean(_ variant: RankingVariant, _ name: RankingMetrics.Name) -> Double {
            let all = self[variant, name]
            return all.isEmpty ? 0 : all.reduce(0, +) / Double(all.count)
        }

        func each(_ body: (RankingMetrics.Name) -> Interval) -> [RankingMetrics.Name: Interval] {
            Dictionary(uniqueKeysWithValues: RankingMetrics.Name.allCases.map { ($0, body($0)) })
        }
    }
}
