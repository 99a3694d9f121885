/// Questions that share no word with the passage that answers them: only vectors can find it.
enum MeaningCases: CaseMaker {
    static let kind = CaseKind.meaning

    private static let pairs: [(name: String, question: String, before: String, after: String)] = [
        (
            "car", "What distance does a car go until it needs petrol?", "An automobile must be refuelled after",
            "kilometres"
        ),
        ("doctor", "How many ill people fit into the clinic?", "Each hospital admits", "patients"),
        ("money", "How much cash may a customer take out?", "Withdrawals from an account are capped at", "euros"),
        ("rain", "How wet may it get before the alarm sounds?", "Precipitation triggers a siren at", "millimetres"),
        ("ship", "What load does the boat carry?", "The vessel transports a cargo of", "tonnes"),
        ("sleep", "When does an idle machine go to sleep?", "An unused computer hibernates after", "seconds"),
    ]

    static func add(to draft: inout PlanDraft) {
        for pair in pairs {
            let value = draft.lexicon.number()
            let line = "\(pair.before) \(value) \(pair.after)."
            let path = "meaning/\(draft.lexicon.word()).md"
            draft.write(path, "# \(draft.lexicon.word())\n\n\(line)\n")
            let fact = Fact(name: pair.name, value: value, path: path, line: line)
            draft.ask(pair.name, .fact(fact, question: pair.question))
        }
    }
}
