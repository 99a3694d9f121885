import Hearth

/// Compares an answer with what a case expects. Pure.
enum ExpectationCheck {
    static func failures(of observation: Observation) -> [CheckFailure] {
        let ask = observation.ask
        let refusal = ask.expectations.contains(.isRefused)
        switch observation.reply {
        case .refusal(let status, let code, let message):
            if refusal { return [] }
            return [CheckFailure("answers", "refused with \(status) \(code): \(message)", stage: .service)]
        case .answer(let answer):
            if refusal { return [CheckFailure("is refused", "it was answered: \(answer.text)", stage: .service)] }
            return ask.expectations.compactMap { expectation in
                detail(expectation, answer, observation).map { CheckFailure(expectation.summary, $0) }
            }
        }
    }

    /// Why the answer is not so; `nil` if it is.
    private static func detail(
        _ expectation: Expectation,
        _ answer: GivenAnswer,
        _ observation: Observation
    ) -> String? {
        let cited = answer.origin.citations
        let list = cited.isEmpty ? "nothing is cited" : "cited: " + cited.map(\.label).joined(separator: ", ")
        switch expectation {
        case .contains(let word): return AnswerText(answer.text).says(word) ? nil : "the answer is: \(answer.text)"
        case .lacks(let word): return AnswerText(answer.text).says(word) ? "the answer is: \(answer.text)" : nil
        case .abstains:
            let isExact = answer.text.trimmingWhitespace() == PromptAssembler.abstention
            return isExact && cited.isEmpty ? nil : "the answer is: \(answer.text)"
        case .cites(let path, let line):
            guard let number = observation.codebase?.line(of: line, in: path) else { return "\(path) has no such line" }
            return cited.contains { $0.holds(path, line: number) } ? nil : list
        case .citesFile(let path): return cited.contains { $0.path.hasPrefix(path) } ? nil : list
        case .citesNothingOf(let path): return cited.contains { $0.path == path } ? list : nil
        case .isRefused: return nil
        }
    }
}
