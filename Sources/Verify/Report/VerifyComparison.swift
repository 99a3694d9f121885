/// Two reports side by side, case by case.
public struct VerifyComparison: Hashable, Sendable, Codable {
    /// The shares of one kind that passed.
    public struct Kind: Hashable, Sendable, Codable {
        public var kind: CaseKind
        public var before: Double?
        public var now: Double?
    }

    public let isSameSeed: Bool
    /// What else is not the same in both runs, as sentences.
    public let differences: [String]
    public let kinds: [Kind]
    /// Cases of both reports.
    public let common: Int
    /// Passed before, fail now.
    public let broken: [String]
    public let mended: [String]
    /// Cases whose answers are not the same bytes.
    public let otherAnswers: Int

    /// - Throws: ``VerifyError`` `notComparable` if they have no case in common.
    public init(before: VerifyReport, now: VerifyReport) throws {
        let earlier = Dictionary(before.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let pairs = now.cases.compactMap { result in earlier[result.id].map { (before: $0, now: result) } }
        guard !pairs.isEmpty else {
            throw VerifyError(
                .notComparable, "The reports have no case in common. Run both with the same --seed and --kinds.")
        }
        isSameSeed = before.seed == now.seed
        common = pairs.count
        broken = pairs.filter { $0.before.passed && !$0.now.passed }.map(\.now.id)
        mended = pairs.filter { !$0.before.passed && $0.now.passed }.map(\.now.id)
        otherAnswers = pairs.count { $0.before.asks.map(\.answer) != $0.now.asks.map(\.answer) }
        kinds = CaseKind.allCases.compactMap { kind in
            let share = { (report: VerifyReport) in report.kinds.first { $0.kind == kind }?.interval.share }
            guard share(before) != nil || share(now) != nil else { return nil }
            return Kind(kind: kind, before: share(before), now: share(now))
        }
        differences = [
            Self.difference("generator", before.subject.generator, now.subject.generator),
            Self.difference("model digest", before.subject.generatorDigest, now.subject.generatorDigest),
            Self.difference("encoder", before.subject.encoder, now.subject.encoder),
            Self.difference("generation of the index", before.subject.generation, now.subject.generation),
            Self.difference("lane", before.lane.rawValue, now.lane.rawValue),
            before.options == now.options ? nil : "The options of generation differ.",
            Self.prompts(pairs.map { ($0.before.asks.map(\.promptHash), $0.now.asks.map(\.promptHash)) }),
        ].compactMap(\.self)
    }

    private static func prompts(_ pairs: [(before: [String?], now: [String?])]) -> String? {
        let others = pairs.count { $0.before != $0.now }
        return others == 0 ? nil : "The prompts of \(others) of \(pairs.count) cases differ."
    }

    private static func difference(_ what: String, _ before: String?, _ now: String?) -> String? {
        before == now ? nil : "The \(what) was \(before ?? "none"), it is \(now ?? "none") now."
    }
}
