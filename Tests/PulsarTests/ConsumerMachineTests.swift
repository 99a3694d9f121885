import NIOCore
import Testing

@testable import Pulsar

@Suite("What a consumer has and wants")
struct ConsumerMachineTests {
    typealias Machine = ConsumerMachine<Int>
    private let one = SourceID(rawValue: 1)
    private let two = SourceID(rawValue: 2)

    private func machine(queue: Int, sources: Int = 1, shared: Bool = true) -> Machine {
        var machine = Machine(queueSize: queue, returnsSurplus: shared)
        for source in 1...sources { _ = machine.attached(SourceID(rawValue: source)) }
        return machine
    }

    private func granted(_ effects: Machine.Effects) -> [SourceID: UInt32] {
        Dictionary(effects.flows.map { ($0.source, $0.permits) }, uniquingKeysWith: +)
    }

    @Test("without a queue nothing is granted until somebody asks, and then one to each source")
    func demand() {
        var machine = machine(queue: 0, sources: 2)
        #expect(granted(machine.attached(one)).isEmpty)
        #expect(granted(machine.receive(id: 1, waiter: 1)) == [one: 1, two: 1])
        let effects = machine.arrived([Samples.received("a")], from: one, permits: 1)
        #expect(effects.deliveries.map(\.0) == [1] && effects.flows.isEmpty)
        // The other source still has its permit: it is not granted a second one.
        #expect(granted(machine.receive(id: 2, waiter: 2)) == [one: 1])
    }

    @Test("what comes when nobody waits goes back, unless nobody else can take it")
    func surplus() {
        var machine = machine(queue: 0)
        _ = machine.receive(id: 1, waiter: 1)
        #expect(machine.withdraw(1) == 1)
        let effects = machine.arrived([Samples.received("a")], from: one, permits: 1)
        #expect(effects.returned.map(\.text) == ["a"] && machine.queuedMessages == 0)
        machine = self.machine(queue: 0, shared: false)
        #expect(machine.arrived([Samples.received("a")], from: one, permits: 1).returned.isEmpty)
        #expect(machine.receive(id: 2, waiter: 2).deliveries.map(\.1.text) == ["a"])
    }

    @Test("a batch that brings more than was asked for is kept, and its permits are made up for")
    func batch() {
        var machine = machine(queue: 0)
        _ = machine.receive(id: 1, waiter: 1)
        let messages = (0..<3).map { Samples.received("\($0)", batch: Int32($0)) }
        let effects = machine.arrived(messages, from: one, permits: 3)
        #expect(effects.deliveries.count == 1 && effects.returned.isEmpty && machine.queuedMessages == 2)
        for id in 2...3 { #expect(machine.receive(id: UInt64(id), waiter: id).flows.isEmpty) }
        // The broker is two messages ahead of what it was granted.
        #expect(granted(machine.receive(id: 4, waiter: 4)) == [one: 3])
    }

    @Test("a queue is filled at once and again when half of it is used")
    func queue() {
        var machine = Machine(queueSize: 10, returnsSurplus: true)
        #expect(granted(machine.attached(one)) == [one: 10])
        _ = machine.arrived((0..<10).map { Samples.received("\($0)", entry: $0) }, from: one, permits: 10)
        let flows = (1...5).map { granted(machine.receive(id: UInt64($0), waiter: $0)) }
        #expect(flows == [[:], [:], [:], [:], [one: 5]])
    }

    @Test("after a reconnect permits begin anew: for the queue, or for those who wait")
    func reconnect() {
        var machine = machine(queue: 10)
        _ = machine.arrived([Samples.received("a")], from: one, permits: 1)
        machine.detached(one)
        #expect(machine.queuedMessages == 0 && granted(machine.attached(one)) == [one: 10])
        machine = self.machine(queue: 0)
        _ = machine.receive(id: 1, waiter: 1)
        machine.detached(one)
        _ = machine.receive(id: 2, waiter: 2)
        #expect(granted(machine.attached(one)) == [one: 2])
    }

    @Test("what a seek drops is granted again")
    func cleared() {
        var machine = machine(queue: 4)
        _ = machine.arrived((0..<4).map { Samples.received("\($0)", entry: $0) }, from: one, permits: 4)
        #expect(granted(machine.cleared(one)) == [one: 4] && machine.queuedMessages == 0)
    }

    @Test("messages that are filtered away still make room")
    func filtered() {
        var machine = machine(queue: 2)
        #expect(granted(machine.arrived([], from: one, permits: 5)) == [one: 5])
    }

    @Test("the end of all topics ends those who wait")
    func end() {
        var machine = machine(queue: 0, sources: 2)
        _ = machine.receive(id: 1, waiter: 1)
        #expect(machine.ended(one).failures.isEmpty)
        #expect(machine.ended(two).failures.map(\.1.code) == [.topicTerminated])
        #expect(machine.receive(id: 2, waiter: 2).failures.map(\.1.code) == [.topicTerminated])
    }

    @Test("no message is lost or given twice, and permits never exceed the demand, whatever happens in between")
    func property() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var machine = machine(queue: 0, sources: 2)
            var (permits, next, asked) = ([one: 0, two: 0], Int64(0), UInt64(0))
            var (sent, delivered, returned) = (Set<String>(), [String](), [String]())
            func note(_ effects: Machine.Effects) {
                for (source, count) in effects.flows { permits[source, default: 0] += Int(count) }
                delivered += effects.deliveries.map(\.1.text)
                returned += effects.returned.map(\.text)
            }
            for _ in 0..<100 {
                let source = Bool.random(using: &random) ? one : two
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    asked += 1
                    note(machine.receive(id: asked, waiter: Int(asked)))
                case 2 where asked > 0: _ = machine.withdraw(UInt64.random(in: 1...asked, using: &random))
                default:
                    guard permits[source, default: 0] > 0 else { continue }
                    next += 1
                    permits[source, default: 0] -= 1
                    sent.insert("\(next)")
                    note(
                        machine.arrived(
                            [Samples.received("\(next)", source: source.rawValue, entry: next)], from: source,
                            permits: 1))
                }
                #expect(permits.values.allSatisfy { $0 <= Int(asked) })
                #expect(machine.queuedMessages == 0)
            }
            #expect((delivered + returned).count == sent.count && Set(delivered + returned) == sent)
        }
    }
}

@Suite("Acknowledging within batches, and chunks")
struct EntryStateTests {
    private func id(_ index: Int32) -> MessageID {
        MessageID(ledgerID: 1, entryID: 2, batchIndex: index, batchSize: 5)
    }

    @Test("a bit that is set is a message that is not done")
    func ackSet() {
        var batches = BatchAcknowledgements()
        batches.delivered(id(0).entry, size: 5)
        // As recorded of the official client: the second of five.
        #expect(batches.acknowledge(id(1)) == .partial([29]))
        #expect(batches.isDone(id(1)) && !batches.isDone(id(0)))
        for index in [0, 2, 3] as [Int32] { _ = batches.acknowledge(id(index)) }
        #expect(batches.acknowledge(id(4)) == .entry)
        #expect(BatchAcknowledgements.isPending(0, in: [29]) && !BatchAcknowledgements.isPending(1, in: [29]))
        #expect(BatchAcknowledgements.isPending(1, in: []))
    }

    @Test("all up to a message, and a batch of more than a word")
    func upTo() {
        var batches = BatchAcknowledgements()
        batches.delivered(id(0).entry, size: 5)
        #expect(batches.acknowledgeUpTo(id(2)) == .partial([0b11000]) && batches.acknowledgeUpTo(id(4)) == .entry)
        let large = MessageID(ledgerID: 9, entryID: 9, batchIndex: 64, batchSize: 70)
        batches.delivered(large.entry, size: 70)
        #expect(batches.acknowledge(large) == .partial([-1, 0b111110]))
    }

    @Test("what was never acknowledged does not pile up")
    func bounded() {
        var batches = BatchAcknowledgements(capacity: 10)
        for entry in 0..<100 { batches.delivered(EntryID(ledgerID: 1, entryID: Int64(entry), partition: -1), size: 2) }
        #expect(batches.acknowledge(MessageID(ledgerID: 1, entryID: 5, batchIndex: 0, batchSize: 2)) == .nothing)
        #expect(batches.acknowledge(MessageID(ledgerID: 1, entryID: 95, batchIndex: 0, batchSize: 2)) == .partial([2]))
    }

    private func chunk(_ number: Int32, of total: Int32 = 3, uuid: String = "u", size: Int32 = 3) -> WireMessageMetadata
    {
        var metadata = WireMessageMetadata()
        metadata.uuid = uuid
        metadata.chunkID = number
        metadata.numChunksFromMsg = total
        metadata.totalChunkMsgSize = size
        return metadata
    }

    private func entry(_ number: Int64) -> EntryID { EntryID(ledgerID: 1, entryID: number, partition: -1) }

    @Test("chunks become a message, also when one is delivered twice")
    func chunks() {
        var chunks = ChunkAssembler()
        for (number, text) in [(0, "a"), (0, "a"), (1, "b"), (1, "b")] {
            guard
                case (.incomplete, []) = chunks.add(
                    ByteBuffer(string: text), entry: entry(Int64(number)), metadata: chunk(Int32(number)))
            else { Issue.record("not incomplete"); return }
        }
        guard
            case (.complete(let payload, let entries), _) = chunks.add(
                ByteBuffer(string: "c"), entry: entry(2), metadata: chunk(2))
        else { Issue.record("not complete"); return }
        #expect(String(buffer: payload) == "abc" && entries == [entry(0), entry(1), entry(2)])
    }

    @Test(
        "a chunk without its beginning, or of impossible size, is an orphan",
        arguments: [
            (1, 3, 3), (0, 0, 3), (5, 3, 3), (0, 3, 0), (0, 1, Int32.max),
        ] as [(Int32, Int32, Int32)])
    func orphans(number: Int32, total: Int32, size: Int32) {
        var chunks = ChunkAssembler()
        guard
            case (.orphan, _) = chunks.add(
                ByteBuffer(string: "a"), entry: entry(0), metadata: chunk(number, of: total, size: size))
        else { Issue.record("taken"); return }
    }

    @Test("unfinished messages are given up when there are too many, and handed back")
    func abandoned() {
        var chunks = ChunkAssembler(capacity: 1)
        _ = chunks.add(ByteBuffer(string: "a"), entry: entry(0), metadata: chunk(0, uuid: "old"))
        #expect(
            chunks.add(ByteBuffer(string: "a"), entry: entry(1), metadata: chunk(0, uuid: "new")).abandoned == [
                entry(0)
            ])
    }
}
