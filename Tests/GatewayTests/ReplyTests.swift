import FoundationEssentials
import Gateway
import Hearth
import HearthTesting
import Testing

@Suite("Replies")
struct ReplyTests {
    private static func events(_ count: Int, id: CorrelationID = .next()) -> [ReplyEvent] {
        (1...count).map { number in
            ReplyEvent(
                correlationID: id, attempt: 1, sequence: number,
                kind: number == count
                    ? .completed(AnswerSummary(finishReason: .stop, usage: TokenUsage(), generator: "g"))
                    : .text("\(number) "))
        }
    }

    @Test("however events arrive, each is given out once and in order", arguments: 0..<200)
    func sequence(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let events = Self.events(2 + random.next(below: 60))
        var sequencer = ReplySequencer(after: 0, capacity: 1 + random.next(below: 10))
        var out: [ReplyEvent] = []
        var arriving = (events + events.filter { _ in random.next(below: 3) == 0 }).shuffled(using: &random)
        while out.count < events.count {
            if let event = arriving.popLast() { sequencer.receive(event) }
            while let next = sequencer.next() { out.append(next) }
            // What did not fit is read from the ledger.
            if sequencer.hasGap || arriving.isEmpty {
                for event in events where event.sequence > sequencer.last && event.sequence <= sequencer.last + 3 {
                    sequencer.receive(event)
                }
            }
        }
        #expect(out == events && sequencer.hasEnded)
        sequencer.receive(events[0])
        #expect(sequencer.next() == nil && !sequencer.hasGap)
    }

    @Test("of two events of one place the younger attempt is right")
    func youngerAttempt() {
        let id = CorrelationID.next()
        var sequencer = ReplySequencer()
        let failed = ReplyEvent(
            correlationID: id, attempt: 1, sequence: 2, kind: .failed(TaskFailure(.internalError, "x")))
        sequencer.receive(failed)
        sequencer.receive(ReplyEvent(correlationID: id, attempt: 2, sequence: 2, kind: .text("b")))
        sequencer.receive(failed)
        sequencer.receive(ReplyEvent(correlationID: id, attempt: 1, sequence: 1, kind: .text("a")))
        #expect([sequencer.next(), sequencer.next()].map { $0?.kind } == [.text("a"), .text("b")])
    }

    private struct Setting {
        let bus = MemoryTaskBus()
        let ledger = MemoryTaskLedger()
        let router: ReplyRouter
        let task: AnswerTask

        init() {
            router = ReplyRouter(bus: bus, ledger: ledger, tick: .milliseconds(5), logger: .silent)
            task = AnswerTask(
                id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
                replyTo: router.gateway, owner: "local", deadline: Date().addingTimeInterval(60))
        }

        func begin() async throws {
            _ = try await ledger.record(task, deduplicatingWithin: 0)
            _ = try await ledger.beginAttempt(task.id)
        }

        func running(_ body: @escaping @Sendable () async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await router.run() }
                try await body()
                group.cancelAll()
            }
        }

        func read(after sequence: Int = 0) async throws -> [ReplyEvent] {
            var events: [ReplyEvent] = []
            for try await event in router.events(of: task.id, after: sequence) { events.append(event) }
            return events
        }
    }

    @Test(
        "live events are lost, doubled and late, and the reader gets every one once", .timeLimit(.minutes(1)),
        arguments: 0..<20)
    func lossyLive(seed: UInt64) async throws {
        let setting = Setting()
        try await setting.begin()
        let events = Self.events(400, id: setting.task.id)
        try await setting.running {
            async let read = setting.read()
            var random = SplitMix64(seed: seed)
            for event in events {
                _ = try await setting.ledger.append([event])
                for _ in 0..<random.next(below: 3) { await setting.bus.send([event], to: setting.router.gateway) }
            }
            let received = try await read
            #expect(received == events)
        }
    }

    @Test("another process may answer: without live events the ledger is enough", .timeLimit(.minutes(1)))
    func ledgerAlone() async throws {
        let setting = Setting()
        try await setting.begin()
        let events = Self.events(700, id: setting.task.id)
        try await setting.running {
            async let read = setting.read(after: 3)
            for event in events { _ = try await setting.ledger.append([event]) }
            let received = try await read
            #expect(received == Array(events.dropFirst(3)))
        }
    }

    @Test("a reader that does not read costs a bounded amount, and misses nothing", .timeLimit(.minutes(1)))
    func slowReader() async throws {
        let setting = Setting()
        try await setting.begin()
        let events = Self.events(5000, id: setting.task.id)
        try await setting.running {
            let sequence = setting.router.events(of: setting.task.id)
            for event in events {
                _ = try await setting.ledger.append([event])
                await setting.bus.send([event], to: setting.router.gateway)
            }
            var read: [ReplyEvent] = []
            for try await event in sequence { read.append(event) }
            #expect(read == events)
        }
    }

    @Test("a ledger that is away for a while does not end a reader", .timeLimit(.minutes(1)))
    func ledgerAway() async throws {
        let setting = Setting()
        try await setting.begin()
        let events = Self.events(5, id: setting.task.id)
        _ = try await setting.ledger.append(events)
        await setting.ledger.fail(with: StoreError(.unreachable, "away"))
        try await setting.running {
            async let read = setting.read()
            while setting.router.readerCount(of: setting.task.id) == 0 { await Task.yield() }
            await setting.ledger.fail(with: nil)
            let received = try await read
            #expect(received == events)
        }
    }

    @Test("an unknown task, a rejected one and one that was read to its end", .timeLimit(.minutes(1)))
    func ends() async throws {
        let setting = Setting()
        try await setting.running {
            let error = await #expect(throws: GatewayError.self) { try await setting.read() }
            #expect(error?.code == .unknownTask)
            _ = try await setting.ledger.record(setting.task, deduplicatingWithin: 0)
            try await setting.ledger.reject(setting.task.id, failure: TaskFailure(.notPublished, "no bus"))
            #expect(try await setting.read().map(\.kind) == [.failed(TaskFailure(.notPublished, "no bus"))])
        }
        let other = Setting()
        try await other.begin()
        _ = try await other.ledger.append(Self.events(3, id: other.task.id))
        try await other.running {
            let rest = try await other.read(after: 3)
            #expect(rest.isEmpty)
        }
    }

    @Test("when the router ends, readers are told that the answer goes on")
    func stopping() async throws {
        let setting = Setting()
        try await setting.begin()
        async let read = setting.read()
        while setting.router.readerCount(of: setting.task.id) == 0 { await Task.yield() }
        try await setting.running {}
        do {
            _ = try await read
            Issue.record("the reader did not end")
        } catch let error as GatewayError {
            #expect(error.code == .stopping)
        }
        #expect(setting.router.readerCount(of: setting.task.id) == 0)
    }
}
