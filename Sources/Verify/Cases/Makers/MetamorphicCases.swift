/// What changes nothing about the question changes nothing about the verdict.
enum MetamorphicCases: CaseMaker {
    static let kind = CaseKind.metamorphic

    static func add(to draft: inout PlanDraft) {
        let fact = draft.constant("budget")
        let name = "`\(fact.name)`"
        let variants = [
            "plain": fact.question, "blanks": "  What   is the\nvalue of \(name) ?  ",
            "lower-case": "what is the value of \(name)?",
            "upper-case": "WHAT IS THE VALUE OF \(name)?",
            "polite": "Please tell me: what is \(name) set to? Thank you.",
            "short": "\(name)?",
        ]
        for (variant, question) in variants.sorted(by: { $0.key < $1.key }) {
            draft.ask(variant, .fact(fact, question: question))
        }
        for _ in 1...2 {
            let other = Fact(
                constant: draft.lexicon.name("colour"), value: draft.lexicon.number(),
                path: "metamorphic/\(draft.lexicon.word()).py")
            draft.change(.write(path: other.path, text: SourceSketch.python(other, about: draft.lexicon.word())))
        }
        draft.askAfterwards("irrelevant-files", .fact(fact))
    }
}
