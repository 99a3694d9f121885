public import Hearth
public import Logging
public import ServiceLifecycle

/// Takes tasks of one topic from the bus, as many at a time as it has slots, and settles each by its verdict.
///
/// A slot asks for a task only when it is free: nothing is prefetched, so no task waits behind a busy slot while
/// another worker idles. On graceful shutdown no slot takes another task; what runs has `grace` to finish, and is then
/// cancelled and handed back without losing an attempt.
public struct TaskWorker: Service {
    /// Does one delivery; never throws.
    public typealias Handle = @Sendable (TaskDelivery) async -> TaskVerdict

    private let bus: any TaskBus
    private let topic: TaskTopic
    private let slots: Int
    private let grace: Duration
    private let logger: Logger
    private let handle: Handle

    /// - Parameters:
    ///   - slots: how many tasks are done at the same time.
    ///   - grace: how long running tasks may take after the wish to stop.
    public init(
        bus: any TaskBus,
        topic: TaskTopic,
        slots: Int,
        grace: Duration = .seconds(30),
        logger: Logger,
        handle: @escaping Handle
    ) {
        self.bus = bus
        self.topic = topic
        self.slots = max(1, slots)
        self.grace = grace
        self.logger = logger
        self.handle = handle
    }

    /// Works until graceful shutdown or cancellation.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for _ in 0..<slots {
                group.addTask { await work() }
            }
        }
    }

    private func work() async {
        var failures = 0
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                guard let delivery = try await claimUnlessShuttingDown() else { return }
                failures = 0
                await perform(delivery)
            } catch is CancellationError {
                return
            } catch {
                // A bus that is away must not be asked in a tight loop.
                failures = min(failures + 1, 6)
                logger.warning("cannot take a task", metadata: ["topic": "\(topic)", "error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(100) * (1 << failures))
            }
        }
    }

    /// `nil` once the process is to stop.
    private func claimUnlessShuttingDown() async throws -> TaskDelivery? {
        do {
            return try await cancelWhenGracefulShutdown { try await bus.claim(topic) }
        } catch is CancellationError {
            return nil
        }
    }

    private func perform(_ delivery: TaskDelivery) async {
        let verdict = await withGrace { await handle(delivery) }
        do {
            // Settling must not be cut short by the same cancellation that abandoned the task.
            try await shielded { try await bus.settle(delivery, as: verdict) }
        } catch {
            // Not settled is not lost: the bus hands it out again, and the ledger knows that it is done.
            logger.warning(
                "cannot settle a task", metadata: ["task": "\(delivery.message.id)", "error": "\(error)"])
        }
    }

    /// Runs `body`, and cancels it when it is still running `grace` after the wish to stop.
    private func withGrace(_ body: @escaping @Sendable () async -> TaskVerdict) async -> TaskVerdict {
        await withTaskGroup(of: TaskVerdict?.self) { group in
            group.addTask { await body() }
            group.addTask {
                try? await gracefulShutdown()
                try? await Task.sleep(for: grace)
                return nil
            }
            defer { group.cancelAll() }
            while let finished = await group.next() {
                if let verdict = finished { return verdict }
                group.cancelAll()
            }
            return .abandoned
        }
    }
}
