/// Two runs side by side, question by question.
public struct RunComparison: Sendable, Codable {
    /// What changed in one kind.
    public struct Kind: Sendable, Codable {
        public let kind: QuestionKind
        /// Questions that both runs asked; only they are compared.
        public let common: Int
        public let onlyBefore: Int
        public let onlyNow: Int
        /// The difference now less before, by variant.
        public let changes: [String: [RankingMetrics.Name: Interval]]

        /// Metrics of what the product does that changed by more than chance.
        public var significant: [RankingMetrics.Name] {
            let ranked = changes[RankingVariant.ranked.name] ?? [:]
            return RankingMetrics.Name.allCases.filter { ranked[$0]?.isSignificant ?? false }
        }
    }

    public let kinds: [Kind]
    /// Kinds that changed by more than chance in NDCG@10, MRR or recall, as the product ranks.
    public let changed: [QuestionKind]
    /// Whether both runs searched the same texts.
    public let isSameContent: Bool

    /// - Throws: ``EvaluationError`` `notComparable` if the runs were drawn by different seeds or share no question.
    public init(before: EvaluationReport, now: EvaluationReport) throws(EvaluationError) {
        guard before.request.seed == now.request.seed else {
            throw EvaluationError(
                .notComparable,
                "One run was drawn by seed \(before.request.seed), the other by \(now.request.seed). "
                    + "Repeat one with the other's --seed.")
        }
        kinds = now.kinds.compactMap { kind in
            before.kinds.first { $0.kind == kind.kind }.map {
                Self.compare($0, kind, seed: now.request.seed)
            }
        }
        guard kinds.contains(where: { $0.common > 0 }) else {
            throw EvaluationError(
                .notComparable, "The runs have no question in common. Compare runs over the same codebase and kinds.")
        }
        changed = kinds.filter { !$0.significant.isEmpty }.map(\.kind)
        isSameContent = before.setup.content == now.setup.content
    }

    private static func compare(_ before: KindReport, _ now: KindReport, seed: UInt64) -> Kind {
        let old = Dictionary(before.questions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let pairs = now.questions.compactMap { question in old[question.id].map { (before: $0, now: question) } }
        let bootstrap = Bootstrap(seed: seed, count: pairs.count)
        var changes: [String: [RankingMetrics.Name: Interval]] = [:]
        for variant in RankingVariant.main.map(\.name) {
            let judged = pairs.compactMap { pair in
                pair.before.judgement(variant).flatMap { old in pair.now.judgement(variant).map { (old, $0) } }
            }
            guard judged.count == pairs.count else { continue }
            let (olds, news) = (judged.map { RankingMetrics($0.0) }, judged.map { RankingMetrics($0.1) })
            for name in RankingMetrics.Name.allCases {
                changes[variant, default: [:]][name] = bootstrap.difference(
                    news.map { $0[name] }, olds.map { $0[name] })
            }
        }
        return Kind(
            kind: now.kind, common: pairs.count, onlyBefore: before.questions.count - pairs.count,
            onlyNow: now.questions.count - pairs.count, changes: changes)
    }
}
