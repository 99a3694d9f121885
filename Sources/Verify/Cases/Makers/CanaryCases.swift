/// Facts drawn from the seed, asked with the book closed and open: the pair proves that the answer came from the code.
enum CanaryCases: CaseMaker {
    static let kind = CaseKind.canary

    static func add(to draft: inout PlanDraft) {
        for (number, ending) in ["limit", "timeout", "capacity", "offset"].enumerated() {
            let fact = draft.constant(ending)
            draft.ask("\(number + 1)", Ask(.closed, fact.question, [.lacks(fact.value)]), .fact(fact))
        }
    }
}
