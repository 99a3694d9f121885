/// The same question several times: one after the other, and at the same time.
enum RepetitionCases: CaseMaker {
    static let kind = CaseKind.repetition

    static func add(to draft: inout PlanDraft) {
        let fact = draft.constant("pause")
        let ask = Ask.fact(fact)
        draft.ask("in-turn", ask, ask, ask, ask, agreement: .sameTextInTurn)
        draft.ask("at-once", ask, ask, ask, ask, agreement: .sameTextAtOnce)
        // Nothing about it has changed, but everything around it has been indexed anew.
        draft.askAfterwards("after-changes", ask, ask, agreement: .sameTextInTurn)
    }
}
