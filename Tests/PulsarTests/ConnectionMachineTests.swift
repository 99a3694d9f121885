import NIOCore
import Testing

@testable import Pulsar

@Suite("The life of a connection")
struct ConnectionMachineTests {
    typealias Machine = ConnectionMachine<String>

    private func ready(at now: NIODeadline = .uptimeNanoseconds(0)) -> Machine {
        var machine = Machine(handshake: "handshake", now: now, keepAlive: .seconds(30))
        _ = machine.received(Samples.connected())
        return machine
    }

    private func request(_ machine: inout Machine, _ kind: RequestKind, _ waiter: String) throws -> UInt64 {
        guard case .send(let id) = machine.request(kind, waiter: waiter, deadline: .uptimeNanoseconds(5_000_000_000))
        else { throw PulsarError(.closed, "refused") }
        return id
    }

    @Test("the handshake tells the largest message, and 5 MiB where the broker does not")
    func handshake() {
        var machine = Machine(handshake: "h", now: .uptimeNanoseconds(0), keepAlive: .seconds(30))
        guard case .becomeReady("h", let peer) = machine.received(Samples.connected(maximumMessageSize: 1000)) else {
            Issue.record("not ready"); return
        }
        #expect(peer.maximumMessageSize == 1000 && peer.confirmsAcknowledgements)
        #expect(ready().peer?.maximumMessageSize == 5 * 1024 * 1024)
    }

    @Test("a refused handshake closes with the broker's reason")
    func refused() {
        var machine = Machine(handshake: "h", now: .uptimeNanoseconds(0), keepAlive: .seconds(30))
        guard case .close(let error) = machine.received(Samples.error(0, .authentication)) else {
            Issue.record("not closed"); return
        }
        #expect(error.code == .authenticationFailed && !error.isRetriable)
        #expect(machine.close(error) == ["h"])
        #expect(machine.close(error).isEmpty)
    }

    @Test("answers find their requests in any order")
    func answers() throws {
        var machine = ready()
        let first = try request(&machine, .operation, "first")
        let second = try request(&machine, .operation, "second")
        guard case .complete("second", .success) = machine.received(Samples.success(second)),
            case .complete("first", .failure(let error)) = machine.received(Samples.error(first, .topicNotFound))
        else { Issue.record("mixed up"); return }
        #expect(error.code == .topicNotFound)
        guard case .none = machine.received(Samples.success(second)) else { Issue.record("answered twice"); return }
    }

    @Test("what is not answered in time expires, alone")
    func expiry() throws {
        var machine = ready()
        _ = try request(&machine, .lookup, "late")
        #expect(machine.tick(.uptimeNanoseconds(4_000_000_000)).expired.isEmpty)
        #expect(machine.tick(.uptimeNanoseconds(5_000_000_000)).expired == ["late"])
        #expect(machine.peer != nil)
    }

    @Test("a producer that waits for exclusive access does not expire")
    func exclusive() throws {
        var machine = ready()
        let id = try request(&machine, .operation, "patient")
        var waiting = WireProducerSuccess()
        waiting.requestID = id
        waiting.producerReady = false
        guard case .none = machine.received(.producerSuccess(waiting)) else { Issue.record("done"); return }
        #expect(machine.tick(.uptimeNanoseconds(60_000_000_000)).expired.isEmpty)
        waiting.producerReady = true
        guard case .complete("patient", .success(.producer)) = machine.received(.producerSuccess(waiting)) else {
            Issue.record("not done"); return
        }
    }

    @Test("a silent broker is asked once and then given up")
    func keepAlive() {
        var machine = ready()
        #expect(machine.tick(.uptimeNanoseconds(31_000_000_000)).sendsPing)
        #expect(machine.tick(.uptimeNanoseconds(62_000_000_000)).close?.code == .connectionLost)
        machine = ready()
        _ = machine.tick(.uptimeNanoseconds(31_000_000_000))
        _ = machine.received(.pong(WirePong()))
        #expect(machine.tick(.uptimeNanoseconds(62_000_000_000)).close == nil)
    }

    @Test("the end is told to everybody who waits, and to those who come later")
    func end() throws {
        var machine = ready()
        _ = try request(&machine, .operation, "a")
        _ = try request(&machine, .acknowledgement, "b")
        #expect(Set(machine.close(PulsarError(.connectionLost, "gone"))) == ["a", "b"])
        guard case .fail(let error) = machine.request(.operation, waiter: "c", deadline: nil) else {
            Issue.record("taken"); return
        }
        #expect(error.code == .connectionLost)
    }

    @Test("commands that only clients send close the connection")
    func violation() {
        var machine = ready()
        guard case .close(let error) = machine.received(.flow(WireFlow())) else { Issue.record("taken"); return }
        #expect(error.code == .protocolViolation)
    }
}
