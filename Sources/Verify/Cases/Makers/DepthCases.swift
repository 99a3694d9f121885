/// Facts in a grid: by the place of their passage in the prompt, and by how far down in the passage they stand.
///
/// Each rank is a folder of as many passages as a prompt takes, and searched alone: all are in the prompt. Some name the
/// same more often and do not tell its value, and come first; the others do not name it, and come last. Where the passage
/// really stood is the retriever's choice, and in the report.
enum DepthCases: CaseMaker {
    static let kind = CaseKind.depth
    static let ranks = [1, 4, 7, 10]
    static let depths = [0, 33, 67, 100]

    static func add(to draft: inout PlanDraft) {
        for rank in ranks {
            let folder = "depth/rank-\(rank)/"
            let path = { (draft: inout PlanDraft) in folder + draft.lexicon.word() + ".md" }
            // One passage for all depths, so that nothing differs between them but the depth.
            let home = path(&draft)
            let facts = depths.map { _ in
                Fact(constant: draft.lexicon.word(), value: draft.lexicon.number(), path: home)
            }
            let filling = "Here \(draft.lexicon.word()) follows.\nThen \(draft.lexicon.word()) does.\n"
            draft.write(home, facts.map { $0.line + "\n" }.joined(separator: filling))
            // Each in a file of its own, or they would be one passage; no two alike, or a prompt would take one of them.
            for _ in 1..<rank {
                draft.write(path(&draft), "# Notes on \(draft.lexicon.word())\n\n" + mentions(of: facts))
            }
            for _ in rank..<VerifyPlan.passageLimit {
                draft.write(path(&draft), "# Notes\n\n\(draft.lexicon.word()) is like \(draft.lexicon.word()).\n")
            }
            for (depth, fact) in zip(depths, facts) {
                var ask = Ask.fact(fact)
                ask.folder = folder
                draft.ask("rank-\(rank)-depth-\(depth)", ask, cell: GridCell(rank: rank, depth: depth))
            }
        }
    }

    private static func mentions(of facts: [Fact]) -> String {
        facts.map { "The value of \($0.name) is told elsewhere. See \($0.name) and \($0.name) again.\n" }.joined()
    }
}
