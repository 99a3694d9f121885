/// Whether a request that came more than once left one question and one answer behind, of the bytes that were given.
struct OneAnswerCheck: Sendable {
    private let api: any HearthAPI

    init(_ api: any HearthAPI) { self.api = api }

    /// - Throws: ``VerifyError``.
    func failures(of observations: [Observation]) async throws -> [CheckFailure] {
        guard let given = observations.compactMap(\.answer).first else { return [] }
        var failures: [CheckFailure] = []
        let messages = try await api.timeline(of: given.origin.sessionID)
        let roles = messages.map(\.role)
        if roles.sorted() != ["assistant", "user"] {
            failures.append(
                CheckFailure(
                    "the conversation has one question and one answer", "it has: \(roles.joined(separator: ", "))",
                    stage: .service))
        }
        let kept =
            messages.filter { $0.role == "assistant" }.map(\.text)
            + [try await api.answer(given.origin.correlationID)?.text ?? ""]
        for text in Set(kept.filter { $0 != given.text }).sorted() {
            failures.append(
                CheckFailure(
                    "what is kept is what was answered", "answered was '\(given.text)', kept is '\(text)'",
                    stage: .service))
        }
        return failures
    }
}
