/// Neither another project nor another conversation is heard of.
enum IsolationCases: CaseMaker {
    static let kind = CaseKind.isolation

    static func add(to draft: inout PlanDraft) {
        for number in 1...2 {
            let theirs = draft.constant("gate", in: .other)
            draft.ask(
                "other-project-\(number)", .fact(theirs, .open(.other)),
                Ask(.open(.main), theirs.question, [.abstains, .lacks(theirs.value)]))
        }
        let ours = draft.constant("gate")
        draft.ask(
            "this-project", .fact(ours),
            Ask(.open(.other), ours.question, [.abstains, .lacks(ours.value)]))

        let name = draft.lexicon.name("hint")
        let value = draft.lexicon.number()
        draft.ask(
            "other-conversation",
            Ask(.open(.main), "Between us: `\(name)` = \(value). What is the value of `\(name)`?", [], session: "a"),
            Ask(.open(.main), "What is the value of `\(name)`?", [.lacks(value), .abstains], session: "b"))
        let fact = draft.constant("gate")
        draft.ask(
            "conversation-of-another-project",
            Ask(.open(.main), fact.question, [.contains(fact.value)], gold: [fact], session: "a"),
            Ask(.open(.other), "And what was that value again?", [.isRefused], session: "a"))
    }
}
