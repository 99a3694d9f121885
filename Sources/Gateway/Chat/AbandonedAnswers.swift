import Hearth
import ServiceLifecycle

/// Stops answers that nobody ever began to read.
struct AbandonedAnswers: Service {
    private let ids: AsyncStream<CorrelationID>
    private let continuation: AsyncStream<CorrelationID>.Continuation
    private let router: ReplyRouter
    private let desk: QuestionDesk

    init(router: ReplyRouter, desk: QuestionDesk) {
        self.router = router
        self.desk = desk
        // More than this at once is no emergency: such answers are written and kept, only in vain.
        (ids, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    func add(_ id: CorrelationID) { continuation.yield(id) }

    func run() async throws {
        for await id in ids where router.readerCount(of: id) == 0 {
            // Failing to is no harm: the answer is written in vain.
            _ = try? await desk.cancel(id)
        }
    }
}
