import FoundationEssentials
import Hearth
import Logging

/// A question on its way, as the request that waits for its answer sees it.
struct OpenAnswer: Sendable {
    let id: CorrelationID
    let question: Question
    /// After this moment a question that was not begun is given up.
    let deadline: Date
    let deliveries: ReplyDeliveries
    let claim: ReaderClaim
    let disconnection: Disconnection
    /// Held as long as the question is open; `nil` where there are no keys to be fair to.
    let share: KeyShare?
    /// Whether the ledger still has to hear that the bus took the task.
    let needsConfirmation: Bool
    let cancelsOnDisconnect: Bool
    /// 1 for the question that is next when it was let in; 0 for one that was joined.
    let position: Int
    /// Seconds until it is begun, as far as was known when it was let in.
    let wait: Double?
    let startedAt: ContinuousClock.Instant

    var completionID: String { "chatcmpl-\(id)" }

    /// Reads the answer to its end.
    ///
    /// - Parameter quiet: called now and then while nothing comes.
    /// - Throws: ``ClientGone``, ``TaskFailure`` when nobody began in time, ``GatewayError``, ``StoreError``,
    ///   `CancellationError`, and what the closures throw.
    @concurrent
    func read(
        with parts: GatewayParts,
        quiet: @concurrent () async throws -> Void = {},
        event: @concurrent (ReplyEvent) async throws -> Void
    ) async throws {
        claim.take()
        defer {
            disconnection.end()
            deliveries.subscription.end()
        }
        async let confirmation: Void = confirm(with: parts.desk)
        var hasBegun = false
        do {
            for try await delivery in deliveries {
                switch delivery {
                case .event(let next):
                    hasBegun = true
                    try await event(next)
                case .quiet:
                    if !hasBegun, Date() > deadline { try await giveUp(with: parts) }
                    try await quiet()
                }
            }
        } catch is ClientGone {
            await clientHasGone(parts)
            throw ClientGone()
        }
        await confirmation
    }

    private func confirm(with desk: QuestionDesk) async {
        if needsConfirmation { await desk.confirm(id) }
    }

    /// Stops the answer, unless somebody else reads it or it was asked for in the background.
    private func clientHasGone(_ parts: GatewayParts) async {
        deliveries.subscription.end()
        guard cancelsOnDisconnect, parts.router.readerCount(of: id) == 0 else { return }
        do {
            let outcome = try await parts.desk.cancel(id)
            parts.logger.info(
                "the client has gone; its question is cancelled",
                metadata: ["correlation_id": "\(id)", "outcome": "\(outcome)"])
        } catch {
            parts.logger.warning("cannot cancel", metadata: ["correlation_id": "\(id)", "error": "\(error)"])
        }
    }

    private func giveUp(with parts: GatewayParts) async throws {
        // One that a worker has begun goes on, however late it is.
        guard let entry = try await parts.ports.ledger.entry(id), entry.status == .queued else { return }
        guard try await parts.desk.cancel(id) == .cancelled else { return }
        throw TaskFailure(.expired, "No worker was free before the deadline of this question. Ask again later.")
    }
}
