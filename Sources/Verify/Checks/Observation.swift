/// An answer beside all that is needed to judge it.
struct Observation: Sendable {
    let ask: Ask
    let reply: Reply
    /// The files as they were when it was asked; `nil` where the verifier does not know them.
    let codebase: Codebase?
    let seconds: Double

    var answer: GivenAnswer? {
        guard case .answer(let answer) = reply else { return nil }
        return answer
    }

    var text: String { answer?.text ?? "" }
    var isOpenBook: Bool { ask.book != .closed }

    /// What the passage says, from the verifier's own copy; `nil` if there are no such lines.
    func text(of place: SourcePlace) -> String? {
        guard place.startLine <= place.endLine else { return nil }
        return codebase?.text(of: place.path, lines: place.startLine...place.endLine)
    }

    /// Whether the prompt had a passage with this fact's line.
    func promptHolds(_ fact: Fact) -> Bool { place(of: fact) != nil }

    /// Where in the prompt the fact stood, from 0.
    func place(of fact: Fact) -> Int? {
        guard let line = codebase?.line(of: fact.line, in: fact.path) else { return nil }
        return answer?.origin.passages.firstIndex { $0.holds(fact.path, line: line) }
    }

    /// Bytes of all passages that the server says were in the prompt.
    var promptBytes: Int {
        (answer?.origin.passages ?? []).reduce(ask.question.utf8.count) { $0 + (text(of: $1)?.utf8.count ?? 0) }
    }

    /// Whether the model read fewer tokens than any tokenizer makes of the prompt's passages. A server that counts nothing tells nothing.
    var isPromptShort: Bool {
        guard let answer, answer.promptTokens > 0 else { return false }
        return answer.promptTokens * Self.mostBytesPerToken < promptBytes
    }

    /// No tokenizer of a current model makes fewer tokens of real text.
    private static let mostBytesPerToken = 8
}
