import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import StoreCrasher
import Testing

@Suite("SQLite stores and SIGKILL", .serialized, .timeLimit(.minutes(3)))
struct SQLiteCrashTests {
    /// What the children said of every task, round by round.
    private struct Record {
        private(set) var published: Set<String> = []
        private(set) var claimed: Set<String> = []
        private(set) var done: Set<String> = []
        private(set) var written: [String: Int] = [:]

        /// Takes in one round; tasks that were done in an earlier one must not be seen again.
        mutating func add(_ lines: [String]) {
            let doneBefore = done
            for line in lines {
                let words = line.split(separator: " ").map(String.init)
                guard words.count >= 2 else { continue }
                switch words[0] {
                case "published": published.insert(words[1])
                case "claimed":
                    claimed.insert(words[1])
                    #expect(!doneBefore.contains(words[1]), "a finished task was handed out again")
                case "wrote": written[words[1]] = max(written[words[1]] ?? 0, Int(words[2]) ?? 0)
                case "done": #expect(done.insert(words[1]).inserted, "a task was finished twice")
                default: break
                }
            }
        }
    }

    @Test("two processes killed again and again lose nothing and double nothing", arguments: [true, false])
    func killedAgainAndAgain(fsync: Bool) async throws {
        try await withTemporaryFolder { folder in
            var random = SystemRandomNumberGenerator()
            var record = Record()
            for _ in 0..<5 {
                record.add(try await round(folder, fsync: fsync, random: &random))
                // Opening is enough: nothing is in the hands of the dead.
                let store = try SQLiteStore.open(directory: folder, fsync: fsync, logger: .test)
                let backlog = try await SQLiteTaskBus(store).backlog(of: .answer)
                #expect(backlog.inFlight == 0 && backlog.deadLetters == 0)
                try store.close()
            }
            try await finish(folder, record)
        }
    }

    /// Lets two processes work, kills both at random moments, and returns what they said.
    private func round(
        _ folder: String,
        fsync: Bool,
        random: inout SystemRandomNumberGenerator
    ) async throws -> [String] {
        let children = [
            try SQLiteCrasherProcess(folder, fsync: fsync), try SQLiteCrasherProcess(folder, fsync: fsync),
        ]
        var lines: [String] = []
        for child in children {
            for _ in 0..<Int.random(in: 20...300, using: &random) { lines.append(try #require(await child.line())) }
            // Somewhere in the middle of the next steps, not right behind an acknowledgement.
            let end = ContinuousClock.now + .microseconds(Int.random(in: 0...5_000, using: &random))
            while ContinuousClock.now < end { await Task.yield() }
            lines += await child.kill()
        }
        return lines
    }

    /// Does the rest of the work and compares everything with what was acknowledged.
    private func finish(_ folder: String, _ record: Record) async throws {
        let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
        let lane = try CrashLane(store, report: { _ in })
        let acknowledged = try await lane.ledger.entries(status: nil, project: nil, before: nil, limit: .max)
        #expect(record.published.subtracting(acknowledged.map(\.task.id.rawValue)).isEmpty)
        for (id, sequence) in record.written {
            let id = try #require(CorrelationID(rawValue: id))
            #expect(try await lane.ledger.entry(id)?.lastSequence ?? 0 >= sequence, "an acknowledged event is gone")
        }
        for task in try await lane.ledger.unpublished(before: .distantFuture, limit: .max) {
            try await lane.publish(task, key: nil)
        }
        while try await lane.bus.backlog(of: .answer) != TaskBacklog() {
            let delivery = try await lane.answerOne()
            #expect(!record.done.contains(delivery.message.id))
            if record.claimed.contains(delivery.message.id) { #expect(delivery.deliveryCount >= 2) }
        }
        let entries = try await lane.ledger.entries(status: nil, project: nil, before: nil, limit: .max)
        #expect(entries.count == acknowledged.count && entries.count >= 5)
        for entry in entries {
            let events = try await lane.ledger.events(of: entry.task.id, after: 0, limit: .max)
            #expect(entry.status == .completed)
            #expect(events.map(\.sequence) == Array(1...events.count))
            #expect(events.filter(\.isTerminal).count == 1 && events.last?.isTerminal == true)
            #expect(Answer(events).text == CrashLane.text(of: entry.task.id))
        }
    }

    @Test("what a killed process held is done by one that lives, within moments")
    func survivorTakesOver() async throws {
        try await withTemporaryFolder { folder in
            let doomed = try SQLiteCrasherProcess(folder, fsync: false)
            let survivor = try SQLiteCrasherProcess(folder, fsync: false)
            var lines: [String] = []
            for _ in 0..<100 { lines.append(try #require(await doomed.line())) }
            lines += await doomed.kill()
            let ids = { (verb: String) in Set(lines.filter { $0.hasPrefix(verb) }.map { $0.dropFirst(verb.count) }) }
            var held = ids("claimed ").subtracting(ids("done "))
            // One whose settling was under way may have been done without a word.
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let ledger = SQLiteTaskLedger(store)
            for id in held {
                let entry = try await ledger.entry(try #require(CorrelationID(rawValue: String(id))))
                if entry?.status == .completed { held.remove(id) }
            }
            let end = ContinuousClock.now + .seconds(20)
            while !held.isEmpty, ContinuousClock.now < end {
                let line = try #require(await survivor.line())
                if line.hasPrefix("done ") { held.remove(line.dropFirst(5)) }
            }
            #expect(held.isEmpty)
            _ = await survivor.kill()
        }
    }
}
