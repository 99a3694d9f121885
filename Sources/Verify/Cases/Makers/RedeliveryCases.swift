/// A request that arrives twice under one idempotency key is one task with one answer.
enum RedeliveryCases: CaseMaker {
    static let kind = CaseKind.redelivery

    static func add(to draft: inout PlanDraft) {
        for (name, agreement) in [("in-turn", VerifyCase.Agreement.oneAnswer), ("at-once", .oneAnswerAtOnce)] {
            var ask = Ask.fact(draft.constant("delay"))
            ask.session = "a"
            ask.request = "r"
            draft.ask(name, ask, ask, agreement: agreement)
        }
    }
}
