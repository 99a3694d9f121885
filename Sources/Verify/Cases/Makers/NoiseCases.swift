/// Facts among 0 to 80 percent near-duplicates: the same function under nearly the same name with another constant.
enum NoiseCases: CaseMaker {
    static let kind = CaseKind.noise
    private static let endings = ["old", "draft", "test", "copy", "v2", "legacy", "spare", "next"]

    static func add(to draft: inout PlanDraft) {
        let subjects = [0, 2, 4, 6, 8].map { count in (count: count, name: draft.lexicon.name("window")) }
        var wrong: [String: [String]] = [:]
        for (number, ending) in endings.enumerated() {
            let doubles = subjects.filter { $0.count > number }.map { subject in
                let value = draft.lexicon.number()
                wrong[subject.name, default: []].append(value)
                return "\(subject.name)_\(ending) = \(value)\n"
            }
            draft.write("noise/\(draft.lexicon.word()).py", "# Windows, \(ending).\n\n" + doubles.joined())
        }
        for subject in subjects {
            let fact = Fact(
                constant: subject.name, value: draft.lexicon.number(), path: "noise/\(draft.lexicon.word()).py")
            draft.write(fact.path, "# Windows.\n\n\(fact.line)\n")
            var ask = Ask.fact(fact)
            ask.expectations += (wrong[subject.name] ?? []).map { .lacks($0) }
            draft.ask("\(subject.count * 10)-percent", ask)
        }
    }
}
