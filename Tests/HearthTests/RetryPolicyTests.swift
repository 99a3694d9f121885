import Hearth
import Testing

@Suite("Delivery verdicts")
struct RetryPolicyTests {
    private let policy = RetryPolicy(maximumAttempts: 3, firstDelay: .seconds(1), longestDelay: .seconds(3))

    @Test("the wait doubles up to its bound", arguments: [(1, 1.0), (2, 2.0)])
    func backoff(attempt: Int, seconds: Double) {
        let verdict = policy.verdict(isRetriable: true, attempt: attempt, reason: "r", unit: 1)
        #expect(verdict == .retry(after: .seconds(seconds), reason: "r"))
    }

    @Test("the longest wait bounds every other")
    func bound() {
        let patient = RetryPolicy(maximumAttempts: 100, firstDelay: .seconds(1), longestDelay: .seconds(3))
        #expect(
            patient.verdict(isRetriable: true, attempt: 90, reason: "r", unit: 1)
                == .retry(after: .seconds(3), reason: "r"))
    }

    @Test("the last attempt ends among the dead letters")
    func lastAttempt() {
        #expect(policy.verdict(isRetriable: true, attempt: 3, reason: "r") == .deadLetter(reason: "r"))
    }

    @Test("what cannot succeed is not tried again")
    func permanent() {
        #expect(policy.verdict(isRetriable: false, attempt: 1, reason: "r") == .deadLetter(reason: "r"))
    }

    @Test("a worker that stops hands its task back")
    func cancelled() {
        #expect(policy.verdict(for: CancellationError(), attempt: 1) == .abandoned)
    }

    @Test(
        "the client's own mistakes are no dead letters",
        arguments: [
            GeneratorError(.modelNotFound, "m"), GeneratorError(.contextLengthExceeded, "m"),
        ])
    func clientMistakes(error: GeneratorError) {
        #expect(policy.verdict(for: error, attempt: 1) == .done)
    }

    @Test("a generator that is away is tried again")
    func unavailable() {
        guard case .retry = policy.verdict(for: GeneratorError(.unavailable, "m"), attempt: 1) else {
            Issue.record("expected a retry")
            return
        }
    }
}
