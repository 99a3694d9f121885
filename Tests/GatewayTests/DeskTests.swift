import FoundationEssentials
import Gateway
import Hearth
import HearthTesting
import Testing

@Suite("The desk")
struct DeskTests {
    private let bus = MemoryTaskBus()
    private let ledger = MemoryTaskLedger()
    private var desk: QuestionDesk { QuestionDesk(bus: bus, ledger: ledger, logger: .silent) }

    private func task(key: String? = nil, body: String = "b") -> AnswerTask {
        AnswerTask(
            id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
            replyTo: .unique(), owner: "local", deadline: Date().addingTimeInterval(60),
            deduplication: key.map { Deduplication(key: $0, bodyHash: body) })
    }

    @Test("an accepted question is in the ledger and on the bus")
    func accepts() async throws {
        let task = task()
        #expect(try await desk.submit(task) == .accepted)
        #expect(try await ledger.entry(task.id)?.publishedAt != nil)
        #expect(try TaskCoding.decode(AnswerTask.self, from: try await bus.claim(.answer).message.payload) == task)
    }

    @Test("what the bus refuses is closed as rejected")
    func rejects() async throws {
        await bus.fail(with: TaskBusError(.full, "full"))
        let task = task()
        let error = await #expect(throws: GatewayError.self) { try await desk.submit(task) }
        #expect(error?.code == .notPublished && error?.isRetriable == true)
        #expect(try await ledger.entry(task.id)?.status == .rejected)
    }

    @Test("what the bus can never take is closed as rejected, and the client is not told to ask again")
    func rejectsForGood() async throws {
        await bus.fail(with: TaskBusError(.invalid, "too large"))
        let task = task()
        let failure = await #expect(throws: TaskFailure.self) { try await desk.submit(task) }
        #expect(failure?.code == .contextLengthExceeded && failure?.message == "too large")
        #expect(try await ledger.entry(task.id)?.status == .rejected)
    }

    @Test("what a gateway recorded before it died is published once")
    func sweeps() async throws {
        let task = task()
        _ = try await ledger.record(task, deduplicatingWithin: 0)
        #expect(await desk.sweep() == 0)
        #expect(await desk.sweep(now: Date().addingTimeInterval(60)) == 1)
        #expect(await desk.sweep(now: Date().addingTimeInterval(60)) == 0)
        #expect(try await bus.backlog(of: .answer).ready == 1)
    }

    @Test("first attempts join nothing; repetitions join the latest, unless it was cancelled")
    func joins() async throws {
        let (one, two) = (task(key: "k"), task(key: "k"))
        #expect(try await desk.submit(one) == .accepted)
        #expect(try await desk.submit(two) == .accepted)
        #expect(try await desk.submit(task(key: "k"), joiningWithin: .seconds(60)) == .joined(two.id))
        await #expect(throws: GatewayError.self) {
            try await desk.submit(task(key: "k", body: "other"), joiningWithin: .seconds(60))
        }
        #expect(try await desk.cancel(two.id) == .cancelled)
        #expect(try await bus.backlog(of: .answer).ready == 1)
        let three = task(key: "k")
        #expect(try await desk.submit(three, joiningWithin: .seconds(60)) == .accepted)
        #expect(try await desk.submit(task(key: "k"), joiningWithin: .seconds(60)) == .joined(three.id))
        #expect(try await desk.cancel(.next()) == .unknown)
    }
}

@Suite("Admission")
struct AdmissionTests {
    @Test("a free slot takes a question at once; behind others it waits as long as they take")
    func waits() {
        let speed = Throughput(finished: 10, meanServiceSeconds: 8)
        var free = Admission(backlog: TaskBacklog(ready: 0, inFlight: 1), throughput: speed, limit: 10, slots: 2)
        #expect(free.decide() == .admit(position: 1, wait: 0))
        var busy = Admission(backlog: TaskBacklog(ready: 3, inFlight: 2), throughput: speed, limit: 10, slots: 2)
        #expect(busy.decide() == .admit(position: 4, wait: 16))
        #expect(busy.decide() == .admit(position: 5, wait: 20))
        var unknown = Admission(
            backlog: TaskBacklog(ready: 3, inFlight: 2), throughput: Throughput(), limit: 10, slots: 2)
        #expect(unknown.decide() == .admit(position: 4, wait: nil))
    }

    @Test("a burst between two measurements does not get past the limit, and each refusal waits for its own place")
    func burst() {
        var admission = Admission(
            backlog: TaskBacklog(ready: 8, inFlight: 2), throughput: Throughput(finished: 4, meanServiceSeconds: 10),
            limit: 10,
            slots: 2)
        let decisions = (0..<5).map { _ in admission.decide() }
        #expect(decisions.suffix(3) == [.refuse(retryAfter: 5), .refuse(retryAfter: 10), .refuse(retryAfter: 15)])
    }

    @Test("the wait is 1 to 120 seconds, whatever was measured", arguments: 0..<200)
    func bounds(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var admission = Admission(
            backlog: TaskBacklog(
                ready: random.next(below: 1000), waiting: random.next(below: 100), inFlight: random.next(below: 9)),
            throughput: Throughput(
                finished: random.next(below: 3), meanServiceSeconds: Double(random.next(below: 100_000)) / 100),
            limit: random.next(below: 500), slots: random.next(below: 5))
        for _ in 0..<50 {
            switch admission.decide() {
            case .admit(let position, let wait): #expect(position >= 1 && (wait ?? 0) >= 0)
            case .refuse(let seconds): #expect((1...120).contains(seconds))
            }
        }
    }
}

@Suite("Shares of keys")
struct KeyShareTests {
    @Test("a key's open questions are counted as long as they are held, apart from those of others")
    func counts() {
        let shares = KeyShares()
        var alice = (1...3).map { _ in shares.enter("alice") }
        let bob = shares.enter("bob")
        #expect(alice.map(\.number) == [1, 2, 3] && bob.number == 1 && shares.keys == 2)
        alice.removeFirst(2)
        #expect(shares.enter("alice").number == 2)
        alice = []
        #expect(shares.enter("alice").number == 1 && shares.keys == 1)
        withExtendedLifetime(bob) {}
    }
}
