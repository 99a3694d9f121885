/// A request that arrives twice under one idempotency key is one task with one answer.
enum RedeliveryCases: CaseMaker {
    static let kind = CaseKind.redelivery

    static func add(to draft: inout PlanDraft) {
        let fact = draft.constant("delay")
        var ask = Ask.fact(fact)
        ask.session = "a"
        ask.request = "r"
        draft.ask("in-turn", ask, ask, agreement: .oneAnswer)
    }
}
