/// Compares the answers of one case with each other. Pure.
struct AgreementCheck: Sendable {
    let failures: [CheckFailure]
    /// Answers that have the bytes of the first, and all behind the first.
    let same: Int
    let compared: Int

    init(_ agreement: VerifyCase.Agreement, _ observations: [Observation], lane: Lane) {
        let texts = observations.map(\.text)
        compared = max(0, texts.count - 1)
        same = texts.dropFirst().count { $0 == texts.first }
        var failures: [CheckFailure] = []
        if same < compared, lane.demandsSameBytes(agreement) {
            let other = texts.first { $0 != texts.first } ?? ""
            failures.append(
                CheckFailure(
                    "the same question has the same bytes",
                    "\(compared - same) of \(compared) differ: '\(texts.first ?? "")' and '\(other)'",
                    stage: Self.samePrompt(observations) ? .generation : .retrieval))
        }
        let ids = Set(observations.compactMap { $0.answer?.origin.correlationID })
        if agreement.isOneAnswer, ids.count != 1 {
            failures.append(
                CheckFailure("the same request is one task", "there are \(ids.count): \(ids.sorted())", stage: .service)
            )
        }
        self.failures = failures
    }

    private static func samePrompt(_ observations: [Observation]) -> Bool {
        Set(observations.map { $0.answer?.origin.promptHash }).count == 1
    }
}
