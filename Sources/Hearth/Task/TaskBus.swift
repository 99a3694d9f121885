/// Carries tasks from whoever has work to whoever has time, and replies back.
///
/// A task that was published is handed out until it is settled as `done` or set aside; a process that dies
/// returns what it held the moment its connection (or its lock) is gone. Handing out is at least once:
/// the ``TaskLedger``'s attempts make the effect exactly once. All methods throw ``TaskBusError``, and
/// `CancellationError` where they wait.
public protocol TaskBus: Sendable {
    /// Makes the tasks durable, all or none, and returns when they would survive the end of this process.
    func publish(_ messages: [TaskMessage]) async throws
    /// Waits for one task and takes it; never takes more than it returns.
    func claim(_ topic: TaskTopic) async throws -> TaskDelivery
    /// Acts on the verdict. Settling a delivery that the bus has handed to somebody else since changes nothing.
    func settle(_ delivery: TaskDelivery, as verdict: TaskVerdict) async throws
    /// Removes a task that nobody holds; `false` if it is unknown or in somebody's hands.
    func cancel(_ id: String, on topic: TaskTopic) async throws -> Bool
    /// How much work waits, is being done, and was set aside.
    func backlog(of topic: TaskTopic) async throws -> TaskBacklog

    /// The tasks set aside, the latest first.
    func deadLetters(on topic: TaskTopic, limit: Int) async throws -> [DeadLetter]
    /// Puts a dead letter back among the ready tasks with a fresh count; `false` if there is none of that id.
    func replay(_ id: String, on topic: TaskTopic) async throws -> Bool

    /// Sends events to a gateway that may be listening, in order. They may be lost: the ledger has them all.
    func send(_ events: [ReplyEvent], to gateway: GatewayID) async
    /// The events sent to `gateway` from now on. A reader that is too slow loses the oldest ones.
    func replies(to gateway: GatewayID) async throws -> any AsyncSequence<ReplyEvent, Never> & Sendable
}
