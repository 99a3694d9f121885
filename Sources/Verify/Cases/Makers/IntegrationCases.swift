/// Questions whose answer stands in two or three files.
enum IntegrationCases: CaseMaker {
    static let kind = CaseKind.integration

    static func add(to draft: inout PlanDraft) {
        for count in [2, 3, 2, 3] {
            let facts = (0..<count).map { _ in draft.constant("rate") }
            let names = facts.map { "`\($0.name)`" }
            let question = "What are the values of \(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")?"
            draft.ask(
                "\(count)-files-\(facts[0].name)",
                Ask(
                    .open(.main), question,
                    facts.flatMap { [.contains($0.value), .cites(path: $0.path, line: $0.line)] }, gold: facts))
        }
    }
}
