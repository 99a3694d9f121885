/// Everything that a run does, drawn from a seed.
struct VerifyPlan: Hashable, Sendable {
    private static var makers: [any CaseMaker.Type] {
        [
            CanaryCases.self, DepthCases.self, NoiseCases.self, MeaningCases.self, AbstentionCases.self,
            IntegrationCases.self, CounterfactualCases.self, ConflictCases.self, StalenessCases.self,
            IsolationCases.self,
            InjectionCases.self, MetamorphicCases.self, RepetitionCases.self, RedeliveryCases.self,
        ]
    }

    /// Passages of a prompt in the scratch projects: few enough that most of the codebase is not in it.
    static let passageLimit = 10

    let chapters: [Chapter]

    /// - Parameter kinds: the files are always the same; cases of other kinds are not asked.
    init(seed: UInt64, kinds: Set<CaseKind> = Set(CaseKind.generated)) {
        var draft = PlanDraft(seed: seed)
        for maker in Self.makers { draft.add(maker) }
        chapters = [draft.written, draft.changed].map { chapter in
            var chapter = chapter
            chapter.cases = chapter.cases.filter { kinds.contains($0.kind) }
            return chapter
        }
    }
}
