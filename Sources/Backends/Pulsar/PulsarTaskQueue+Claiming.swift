import FoundationEssentials
import Hearth
import Logging
import Pulsar
import Synchronization

extension PulsarTaskQueue {
    /// Waits for a task and takes it.
    func claim() async throws -> TaskDelivery {
        while true {
            let queued = try await next()
            // Once a message is in hand it is not left half claimed.
            let delivery = try await shielded { try await self.take(queued) }
            guard let delivery else { continue }
            guard Task.isCancelled else { return delivery }
            try await shielded { try await self.settle(delivery, as: .abandoned) }
            throw CancellationError()
        }
    }

    // MARK: Receiving

    /// The next message that may be worth claiming. It is in hand then.
    ///
    /// The broker is asked for one message, and only while somebody waits: what comes beyond that is handed back.
    private func next() async throws -> QueuedTask {
        if let queued = unpark() { return queued }
        let consumers = try await consumers()
        return try await withThrowingTaskGroup(of: QueuedTask.self) { group in
            for (priority, consumer) in consumers {
                group.addTask {
                    if priority != .interactive { try await Task.sleep(for: Self.batchDelay) }
                    return try await self.receive(from: consumer)
                }
            }
            group.addTask {
                try await self.journal.wait { journal in self.hands.withLock { $0.unpark(journal, at: self.now()) } }
            }
            var found: [QueuedTask] = []
            var failure: (any Error)?
            while let result = await group.nextResult() {
                switch result {
                case .success(let queued): found.append(queued)
                case .failure(let error): failure = failure ?? error
                }
                group.cancelAll()
            }
            guard let first = found.max(by: { $0.task.priority < $1.task.priority }) else {
                throw failure ?? CancellationError()
            }
            for other in found where other.ticket != first.ticket { handBack(other) }
            return first
        }
    }

    private func unpark() -> QueuedTask? {
        let time = now()
        return journal.view { journal in hands.withLock { $0.unpark(journal, at: time) } }
    }

    private func receive(from consumer: Consumer) async throws -> QueuedTask {
        while true {
            let message = try await TaskBusError.translating { try await consumer.receive() }
            do {
                let queued = try QueuedTask(message, from: consumer)
                if hands.withLock({ $0.admit(queued) }) { return queued }
            } catch let error as TaskBusError {
                // Neither acknowledged nor handed back: it is not lost, and does not come round and round.
                logger.error("left a message in the queue that is no task", metadata: ["error": "\(error)"])
            }
        }
    }

    // MARK: Judging

    /// Claims the task of a message, or does with the message what is due; `nil` if there is nothing to claim.
    private func take(_ queued: QueuedTask) async throws -> TaskDelivery? {
        do {
            while true {
                switch try await standing(of: queued) {
                case .claimable(let entry):
                    if let delivery = try await claim(queued, entry, replacing: nil) { return delivery }
                case .unknown:
                    // Whoever published it has not lived to write its record.
                    let entry = JournalEntry(queued.task, ticket: queued.ticket, publishedAt: queued.publishedAt)
                    if let delivery = try await claim(queued, entry, replacing: nil) { return delivery }
                case .held(let holder, let entry):
                    switch try await ask(holder, about: queued, entry) {
                    case .answered:
                        hands.withLock {
                            $0.park(queued, askAgain: now().addingTimeInterval(Self.askingInterval / .seconds(1)))
                        }
                        return nil
                    case .changed: continue
                    case .silent:
                        if let delivery = try await claim(queued, entry, replacing: holder) { return delivery }
                    }
                case .waiting, .blocked:
                    hands.withLock { $0.park(queued) }
                    return nil
                case .obsolete:
                    await acknowledge(queued)
                    return nil
                }
            }
        } catch {
            handBack(queued)
            throw error
        }
    }

    /// What the message is good for; waits a while for the record of a task that nothing is known of.
    private func standing(of queued: QueuedTask) async throws -> TaskJournal.Standing {
        let time = now()
        let (id, ticket) = (queued.task.id, queued.ticket)
        let standing = journal.view { $0.standing(of: id, ticket: ticket, at: time) }
        guard standing == .unknown else { return standing }
        let known = try await journal.wait(atMost: Self.recordDelay) { journal -> TaskJournal.Standing? in
            let standing = journal.standing(of: id, ticket: ticket, at: time)
            return standing == .unknown ? nil : standing
        }
        return known ?? .unknown
    }

    private func claim(
        _ queued: QueuedTask,
        _ entry: JournalEntry,
        replacing holder: String?
    ) async throws -> TaskDelivery? {
        let receipt = GatewayID.unique().rawValue
        // Held before it is written: whoever asks as soon as it is, gets an answer.
        hands.withLock { $0.hold(queued, receipt: receipt) }
        let claimed = entry.claimed(ticket: queued.ticket, receipt: receipt)
        let after: JournalEntry?
        do {
            after = try await submit(
                JournalRecord(
                    id: queued.task.id, change: .claimed(receipt: receipt, replacing: holder), ticket: queued.ticket,
                    entry: claimed))
        } catch {
            hands.withLock { _ = $0.unhold(receipt) }
            throw error
        }
        guard let after, after.receipt == receipt else {
            hands.withLock { _ = $0.unhold(receipt) }
            await restate(queued.task.id, after)
            return nil
        }
        // Written from a view that lagged behind.
        if !after.tells(claimed) { await restate(queued.task.id, after) }
        return TaskDelivery(
            message: queued.task, receipt: receipt, deliveryCount: after.deliveryCount, publishedAt: after.publishedAt,
            isExpired: after.expiresAt.map { $0 <= now() } ?? false)
    }

    private enum Answer { case answered, changed, silent }

    /// Asks the holder of a task whether it still holds it. A broker delivers a message again when the connection of its
    /// consumer is lost, which says nothing about the process, and some brokers do without any reason.
    private func ask(_ holder: String, about queued: QueuedTask, _ entry: JournalEntry) async throws -> Answer {
        let id = queued.task.id
        let question = JournalRecord(id: id, change: .asked, ticket: entry.ticket, entry: entry)
        guard let place = try await record([question]) else { return .changed }
        let answer = try await journal.wait(atMost: Self.silence) { journal -> Answer? in
            guard let entry = journal.entry(id), entry.receipt == holder else { return .changed }
            return entry.confirmedAt.map { $0 > place } == true ? .answered : nil
        }
        return answer ?? .silent
    }

    // MARK: Settling

    func settle(_ delivery: TaskDelivery, as verdict: TaskVerdict) async throws {
        let (id, receipt) = (delivery.message.id, delivery.receipt)
        guard let queued = hands.withLock({ $0.held[receipt] }) else { return }
        guard let entry = journal.view({ $0.entry(id) }), entry.receipt == receipt else {
            return letGo(queued, receipt)
        }
        do {
            let settled = entry.settled(as: verdict, message: delivery.message, now: now())
            let after = try await submit(
                JournalRecord(id: id, change: .settled(receipt: receipt), ticket: entry.ticket, entry: settled))
            guard after?.receipt == nil else { return letGo(queued, receipt) }
            hands.withLock { _ = $0.unhold(receipt) }
            switch verdict {
            case .done, .deadLetter: await acknowledge(queued)
            case .abandoned: handBack(queued)
            case .retry: hands.withLock { $0.park(queued) }
            }
            // Others of its key may go on.
            journal.wake()
        } catch {
            letGo(queued, receipt)
            throw error
        }
    }

    /// Ends the holding of a task without a say in what becomes of it: somebody else holds it since, or the broker is
    /// away. Whoever gets the message next finds out.
    private func letGo(_ queued: QueuedTask, _ receipt: String) {
        hands.withLock { _ = $0.unhold(receipt) }
        handBack(queued)
    }

    private func acknowledge(_ queued: QueuedTask) async {
        do {
            try await TaskBusError.translating { try await queued.consumer.acknowledge(queued.message) }
        } catch {
            // It comes again and is recognised.
            logger.debug("an acknowledgement was lost", metadata: ["task": "\(queued.task.id)", "error": "\(error)"])
        }
        hands.withLock { $0.release(queued) }
    }
}
