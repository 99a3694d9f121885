/// Answers follow the files: after an edit, after a deletion, after a renaming.
enum StalenessCases: CaseMaker {
    static let kind = CaseKind.staleness

    static func add(to draft: inout PlanDraft) {
        let edited = draft.constant("interval")
        let fresh = Fact(constant: edited.name, value: draft.lexicon.number(), path: edited.path)
        draft.ask("before-edit", .fact(edited))
        draft.change(.write(path: fresh.path, text: SourceSketch.python(fresh, about: draft.lexicon.word())))
        var ask = Ask.fact(fresh)
        ask.expectations.append(.lacks(edited.value))
        draft.askAfterwards("after-edit", ask)

        let deleted = draft.constant("interval")
        draft.ask("before-deletion", .fact(deleted))
        draft.change(.delete(path: deleted.path))
        draft.askAfterwards(
            "after-deletion",
            Ask(
                .open(.main), deleted.question, [.abstains, .lacks(deleted.value), .citesNothingOf(path: deleted.path)])
        )

        let renamed = draft.constant("interval")
        let moved = renamed.moved(to: "staleness/renamed/\(draft.lexicon.word()).py")
        draft.ask("before-renaming", .fact(renamed))
        draft.change(.rename(from: renamed.path, to: moved.path))
        ask = .fact(moved)
        ask.expectations.append(.citesNothingOf(path: renamed.path))
        draft.askAfterwards("after-renaming", ask)
    }
}
