import NIOCore
import Testing

@testable import Pulsar

@Suite("What a producer has on its way")
struct ProducerMachineTests {
    typealias Machine = ProducerMachine<Int>

    private func machine(
        batching: BatchingConfiguration? = nil,
        messages: Int = 3,
        chunking: Bool = false,
        largest: Int = 1 << 20,
        attached: Bool = true
    ) -> Machine {
        let writer = EntryWriter(
            producerID: 1, producerName: "p", compression: .none, allowsChunking: chunking, maximumMessageSize: largest)
        var machine = Machine(
            limits: .init(batching: batching, maximumPendingMessages: messages, maximumPendingBytes: 1000),
            writer: writer, partition: -1)
        if attached {
            _ = machine.attached(name: "p", lastSequenceID: -1, maximumMessageSize: largest, time: 0)
        }
        return machine
    }

    private func send(_ machine: inout Machine, _ number: Int, _ text: String = "x") -> Machine.Effects {
        machine.send(
            OutgoingMessage(text), id: UInt64(number), receipt: number, deadline: .uptimeNanoseconds(10), time: 0)
    }

    private func succeeded(_ effects: Machine.Effects) -> [Int] {
        effects.outcomes.compactMap { if case .success = $0.1 { $0.0 } else { nil } }
    }

    private func codes(_ effects: Machine.Effects) -> [PulsarError.Code] {
        effects.outcomes.compactMap { if case .failure(let error) = $0.1 { error.code } else { nil } }
    }

    @Test("a message leaves at once and is done with its receipt")
    func simple() {
        var machine = machine()
        #expect(send(&machine, 1).frames.count == 1)
        #expect(succeeded(machine.received(receipt: Samples.receipt(0), time: 0)) == [1])
        #expect(machine.isIdle)
    }

    @Test("beyond the limit messages wait, and are let in in order")
    func limit() {
        var machine = machine(messages: 2)
        let sent = (1...4).map { send(&machine, $0) }
        #expect(sent.map(\.frames.count) == [1, 1, 0, 0] && sent.map(\.admitted) == [[1], [2], [], []])
        let effects = machine.received(receipt: Samples.receipt(0), time: 0)
        #expect(effects.admitted == [3] && effects.frames.count == 1 && machine.waitingMessages == 1)
        #expect(machine.withdraw(4) == 4 && machine.withdraw(4) == nil)
    }

    @Test("what has no receipt leaves again after a reconnect, in order, and what was sent meanwhile behind it")
    func reconnect() {
        var machine = machine(messages: 10)
        let first = (1...3).flatMap { send(&machine, $0).frames.map(\.bytes) }
        _ = machine.received(receipt: Samples.receipt(0), time: 0)
        machine.detached()
        #expect(send(&machine, 4).frames.isEmpty)
        let again = machine.attached(name: "p", lastSequenceID: 0, maximumMessageSize: 1 << 20, time: 0).frames.map(
            \.bytes)
        #expect(again.count == 3 && Array(again.prefix(2)) == Array(first.suffix(2)))
        #expect(
            (1...3).flatMap { succeeded(machine.received(receipt: Samples.receipt(UInt64($0)), time: 0)) } == [2, 3, 4])
    }

    @Test("a receipt behind the head is ignored, one ahead of it is a broken stream")
    func strictReceipts() {
        var machine = machine()
        for number in 1...3 { _ = send(&machine, number) }
        _ = machine.received(receipt: Samples.receipt(0), time: 0)
        let stale = machine.received(receipt: Samples.receipt(0), time: 0)
        #expect(stale.outcomes.isEmpty && stale.reconnect == nil)
        let ahead = machine.received(receipt: Samples.receipt(2), time: 0)
        #expect(ahead.outcomes.isEmpty && ahead.reconnect?.code == .protocolViolation)
    }

    @Test("receipts that come together let in what waits only then, and end at one that makes no sense")
    func receiptsTogether() {
        var machine = machine()
        for number in 1...6 { _ = send(&machine, number) }
        let receipts = [0, 1].map { SendReceipt(Samples.receipt($0)) }
        let effects = machine.received(receipts: receipts[...], time: 0)
        #expect(succeeded(effects) == [1, 2] && effects.admitted == [4, 5] && effects.frames.count == 2)
        let broken = [2, 4, 3].map { SendReceipt(Samples.receipt($0)) }
        let rest = machine.received(receipts: broken[...], time: 0)
        #expect(succeeded(rest) == [3] && rest.reconnect?.code == .protocolViolation && rest.admitted == [6])
    }

    @Test("a lone message is not delayed; those behind it share an entry")
    func batches() throws {
        var machine = machine(batching: BatchingConfiguration(), messages: 100)
        #expect(send(&machine, 1).frames.count == 1)
        let waiting = (2...5).map { send(&machine, $0) }
        #expect(waiting.allSatisfy(\.frames.isEmpty) && waiting.compactMap(\.flushAfter).count == 0)
        let effects = machine.received(receipt: Samples.receipt(0), time: 0)
        #expect(effects.frames.count == 1)
        let done = machine.received(receipt: Samples.receipt(1, entry: 9), time: 0)
        #expect(succeeded(done) == [2, 3, 4, 5])
        let ids = try done.outcomes.map { try $0.1.get() }
        #expect(ids.map(\.batchIndex) == [0, 1, 2, 3] && ids.allSatisfy { $0.entryID == 9 && $0.batchSize == 4 })
    }

    @Test("a batch leaves when it is full, or when its time has come")
    func batchLimits() {
        var machine = machine(batching: BatchingConfiguration(maximumMessages: 2), messages: 100)
        _ = send(&machine, 1)
        _ = send(&machine, 2)
        #expect(send(&machine, 3).frames.count == 1)
        _ = send(&machine, 4)
        #expect(machine.flush(time: 0).frames.count == 1)
    }

    @Test("keys do not share an entry where they must not")
    func keys() {
        var machine = machine(batching: BatchingConfiguration(separatesKeys: true), messages: 100)
        _ = send(&machine, 0)
        for number in 1...4 {
            let message = OutgoingMessage("x", key: "k\(number % 2)")
            _ = machine.send(message, id: UInt64(number), receipt: number, deadline: nil, time: 0)
        }
        #expect(machine.received(receipt: Samples.receipt(0), time: 0).frames.count == 2)
        #expect(succeeded(machine.received(receipt: Samples.receipt(1), time: 0)) == [1, 3])
        #expect(succeeded(machine.received(receipt: Samples.receipt(2), time: 0)) == [2, 4])
    }

    @Test("what is too large is refused, or leaves in chunks that end in one receipt")
    func large() throws {
        var machine = machine(largest: 2000)
        #expect(codes(send(&machine, 1, String(repeating: "x", count: 3000))) == [.messageTooLarge])
        machine = self.machine(chunking: true, largest: 2000)
        let effects = send(&machine, 2, String(repeating: "x", count: 3000))
        #expect(effects.frames.count > 2)
        for number in 0..<effects.frames.count - 1 {
            #expect(machine.received(receipt: Samples.receipt(0, entry: UInt64(number)), time: 0).outcomes.isEmpty)
        }
        let last = machine.received(receipt: Samples.receipt(0, entry: 99), time: 0)
        let id = try #require(try last.outcomes.first?.1.get())
        #expect(id.entryID == 99 && id.firstChunk == .init(ledgerID: 7, entryID: 0))
    }

    @Test("the broker's refusal ends the message, the producer, or the connection")
    func refusals() {
        func refuse(_ code: ServerErrorCode) -> Machine.Effects {
            var machine = machine()
            for number in 1...2 { _ = send(&machine, number) }
            var error = WireSendError()
            error.sequenceID = 0
            error.error = code.rawValue
            return machine.received(error: error, time: 0)
        }
        #expect(codes(refuse(.checksum)) == [.checksumMismatch])
        #expect(codes(refuse(.topicTerminated)) == [.topicTerminated, .topicTerminated])
        #expect(refuse(.persistence).reconnect?.code == .brokerFailure && refuse(.persistence).outcomes.isEmpty)
    }

    @Test("what waits too long fails, and gives its room to others")
    func expiry() {
        var machine = machine(messages: 1, attached: false)
        _ = send(&machine, 1)
        _ = machine.send(OutgoingMessage("y"), id: 2, receipt: 2, deadline: nil, time: 0)
        let effects = machine.expire(now: .uptimeNanoseconds(11), time: 0)
        #expect(codes(effects) == [.timeout] && effects.admitted == [2])
    }

    @Test("nothing is forgotten by the end")
    func end() {
        var machine = machine(batching: BatchingConfiguration(), messages: 3)
        for number in 1...5 { _ = send(&machine, number) }
        let effects = machine.fail(PulsarError(.closed, "closed"))
        #expect(Set(effects.outcomes.map(\.0)) == [1, 2, 3, 4, 5] && machine.isIdle)
        #expect(codes(send(&machine, 6)) == [.closed])
    }

    @Test("sequence ids rise, and go on where the broker's memory ends")
    func sequence() {
        var machine = machine(attached: false)
        _ = machine.attached(name: "p", lastSequenceID: 41, maximumMessageSize: 1000, time: 0)
        _ = send(&machine, 1)
        #expect(machine.lastUsedSequenceID == 42)
        var message = OutgoingMessage("x")
        message.sequenceID = 42
        #expect(codes(machine.send(message, id: 2, receipt: 2, deadline: nil, time: 0)) == [.invalidMessage])
    }

    @Test("every message has one outcome, whatever happens in between")
    func property() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var machine = machine(batching: Bool.random() ? BatchingConfiguration(maximumMessages: 3) : nil)
            var outcomes: [Int: Int] = [:]
            var entries: UInt64 = 0
            func note(_ effects: Machine.Effects) {
                for (receipt, _) in effects.outcomes { outcomes[receipt, default: 0] += 1 }
            }
            for number in 0..<60 {
                switch Int.random(in: 0..<8, using: &random) {
                case 0: machine.detached()
                case 1: note(machine.attached(name: "p", lastSequenceID: -1, maximumMessageSize: 1000, time: 0))
                case 2: note(machine.flush(time: 0))
                case 3: note(machine.received(receipt: Samples.receipt(UInt64.random(in: 0..<70), entry: 1), time: 0))
                default: break
                }
                note(send(&machine, number))
                for sequence in 0..<70 {
                    let effects = machine.received(receipt: Samples.receipt(UInt64(sequence)), time: 0)
                    if effects.reconnect == nil { entries += 1 }
                    note(effects)
                }
                #expect(machine.pendingMessages >= 0 && machine.pendingBytes >= 0)
            }
            note(machine.fail(PulsarError(.closed, "closed")))
            #expect(outcomes.count == 60 && outcomes.values.allSatisfy { $0 == 1 })
        }
    }
}
