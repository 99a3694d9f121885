/// Code that contradicts what everybody knows: the answer follows the code.
enum CounterfactualCases: CaseMaker {
    static let kind = CaseKind.counterfactual

    private static let known = [
        ("HTTP_STATUS_NOT_FOUND", "404"), ("MINUTES_PER_HOUR", "60"), ("DAYS_PER_LEAP_YEAR", "366"),
        ("HTTPS_DEFAULT_PORT", "443"),
    ]

    static func add(to draft: inout PlanDraft) {
        for (name, truth) in known {
            let fact = Fact(
                constant: name, value: draft.lexicon.number(), path: "counterfactual/\(name.lowercased()).py")
            draft.write(fact.path, SourceSketch.python(fact, about: draft.lexicon.word()))
            var ask = Ask.fact(fact, question: "What is the value of `\(name)` in this project?")
            ask.expectations.append(.lacks(truth))
            draft.ask(name.lowercased(), ask)
        }
    }
}
