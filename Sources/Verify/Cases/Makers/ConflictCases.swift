/// Two files that say different things of the same name: both are told, both are cited.
enum ConflictCases: CaseMaker {
    static let kind = CaseKind.conflict

    static func add(to draft: inout PlanDraft) {
        for number in 1...3 {
            let name = draft.lexicon.name("depth")
            let facts = (0..<2).map { _ in
                Fact(constant: name, value: draft.lexicon.number(), path: "conflict/\(draft.lexicon.word()).py")
            }
            for fact in facts { draft.write(fact.path, SourceSketch.python(fact, about: draft.lexicon.word())) }
            draft.ask(
                "\(number)",
                Ask(
                    .open(.main), "Which values does `\(name)` have? Name every one.",
                    facts.flatMap { [.contains($0.value), .cites(path: $0.path, line: $0.line)] }, gold: facts))
        }
    }
}
