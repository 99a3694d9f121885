import Testing

@testable import Postgres

@Suite("The bookkeeping of connections")
struct PoolMachineTests {
    @Test("it makes as many as it may, then lets wait, and hands on in order")
    func handsOn() throws {
        var machine = PoolMachine<String, Int>(limit: 1)
        guard case .make = machine.take() else { return #expect(Bool(false), "the first is made") }
        guard case .wait = machine.take() else { return #expect(Bool(false), "the second waits") }
        for waiter in [1, 2] {
            guard case .wait = machine.wait(waiter, id: waiter) else { return #expect(Bool(false)) }
        }
        guard case .lend("a", to: 1) = machine.giveBack("a") else { return #expect(Bool(false)) }
        guard case .lend("a", to: 2) = machine.giveBack("a") else { return #expect(Bool(false)) }
        guard case .keep = machine.giveBack("a") else { return #expect(Bool(false)) }
        #expect(machine.lent == 0)
        guard case .take("a") = machine.take() else { return #expect(Bool(false)) }
    }

    @Test("what comes back between asking and waiting is taken at once")
    func noLostWait() {
        var machine = PoolMachine<String, Int>(limit: 1)
        _ = machine.take()
        guard case .wait = machine.take() else { return #expect(Bool(false)) }
        guard case .keep = machine.giveBack("a") else { return #expect(Bool(false)) }
        guard case .take("a") = machine.wait(1, id: 1) else { return #expect(Bool(false)) }
    }

    @Test("a wait that ended before it began does not begin, and one that ended takes nothing")
    func endedWaits() {
        var machine = PoolMachine<String, Int>(limit: 1)
        _ = machine.take()
        #expect(machine.endWait(id: 1) == nil)
        guard case .closed = machine.wait(10, id: 1) else { return #expect(Bool(false)) }
        guard case .wait = machine.wait(20, id: 2) else { return #expect(Bool(false)) }
        #expect(machine.endWait(id: 2) == 20)
        guard case .keep = machine.giveBack("a") else { return #expect(Bool(false)) }
    }

    @Test("a closed pool lends nothing, and closes what comes back")
    func closes() {
        var machine = PoolMachine<String, Int>(limit: 2)
        _ = (machine.take(), machine.take())
        _ = machine.giveBack("a")
        let (idle, waiters) = machine.close()
        #expect(idle == ["a"] && waiters.isEmpty)
        guard case .closed = machine.take() else { return #expect(Bool(false)) }
        guard case .close("b") = machine.giveBack("b") else { return #expect(Bool(false)) }
        #expect(machine.lent == 0)
    }

    @Test("a connection forgets the statement that was not used for longest")
    func statements() throws {
        var cache = StatementCache(capacity: 2)
        func shape(_ sql: String) throws -> Statement.Shape { try Statement(sql, []).shape }
        #expect(cache.use(try shape("a")) == .prepare(name: "s1", evicted: nil))
        #expect(cache.use(try shape("b")) == .prepare(name: "s2", evicted: nil))
        #expect(cache.use(try shape("a")) == .use(name: "s1"))
        #expect(cache.use(try shape("c")) == .prepare(name: "s3", evicted: "s2"))
        #expect(cache.use(try shape("b")) == .prepare(name: "s4", evicted: "s1"))
        cache.forget(try shape("b"))
        #expect(cache.use(try shape("b")) == .prepare(name: "s5", evicted: nil))
        let typed = try Statement("b", [1]).shape
        #expect(typed != (try shape("b")))
    }
}
