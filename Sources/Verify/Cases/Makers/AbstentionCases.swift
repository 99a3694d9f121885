/// What was never there, and what is there no longer.
enum AbstentionCases: CaseMaker {
    static let kind = CaseKind.abstention

    static func add(to draft: inout PlanDraft) {
        for number in 1...3 {
            let name = draft.lexicon.name("limit")
            draft.ask("never-there-\(number)", Ask(.open(.main), "What is the value of `\(name)`?", [.abstains]))
        }
        for number in 1...2 {
            let fact = draft.constant("quota")
            draft.ask("still-there-\(number)", .fact(fact))
            draft.change(.delete(path: fact.path))
            draft.askAfterwards(
                "gold-removed-\(number)", Ask(.open(.main), fact.question, [.abstains, .lacks(fact.value)]))
        }
    }
}
