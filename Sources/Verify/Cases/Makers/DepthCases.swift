/// Facts with more and more passages before them that name the same thing more often and do not tell its value.
///
/// Where a fact really stood is the retriever's choice, and recorded in the report.
enum DepthCases: CaseMaker {
    static let kind = CaseKind.depth
    private static let depths = [0, 1, 2, 3, 4]

    static func add(to draft: inout PlanDraft) {
        let subjects = depths.map { depth in (depth: depth, name: draft.lexicon.word(), value: draft.lexicon.number()) }
        for subject in subjects {
            // Each in a file of its own: together they would be one passage, and one about much else.
            for _ in 0..<subject.depth {
                let mention =
                    "The value of \(subject.name) is told elsewhere. See \(subject.name) and \(subject.name) again."
                draft.write("depth/\(draft.lexicon.word()).md", "# Notes\n\n\(mention)\n")
            }
            let path = "depth/\(draft.lexicon.word()).md"
            let line = "\(subject.name) = \(subject.value)"
            let others = (0..<6).map { _ in draft.lexicon.word() }.joined(separator: " and ")
            draft.write(path, "# Settings\n\nHow \(others) are set up here:\n\n    \(line)\n\nNothing else is set.\n")
            let fact = Fact(name: subject.name, value: subject.value, path: path, line: line)
            draft.ask("behind-\(subject.depth)", .fact(fact))
        }
    }
}
