/// The first question of a run: it loads the model, and says who answers and with which context.
struct WarmUp: Sendable {
    let answer: GivenAnswer
    /// What the server did not honour of its options.
    let faults: [String]

    var origin: AnswerOrigin { answer.origin }

    /// - Parameter session: `nil` for a conversation that goes with its project.
    /// - Throws: ``VerifyError`` `refused` if it is not answered.
    init(_ project: String, session: String? = nil, request: VerifyRequest, api: any HearthAPI) async throws {
        let question = VerifyQuestion(
            model: "hearth/\(project)", text: "Which settings are there?", session: session, options: request.options)
        switch try await api.ask(question) {
        case .answer(let answer):
            self.answer = answer
            let message = try await api.remembered(answer, patience: request.patience)
            faults = message?.options == request.options ? [] : [Self.others]
        case .refusal(let status, _, let message):
            throw VerifyError(.refused, "The first question was refused with \(status): \(message)")
        }
    }

    private static let others =
        "Temperature, seed, top_k, max_tokens or context_length did not arrive: the answer was written with others."

    /// The options with everything that this answer has settled.
    func pinned(_ options: PinnedOptions) -> PinnedOptions {
        var options = options
        options.contextLength = options.contextLength ?? origin.contextLength
        return options
    }
}
