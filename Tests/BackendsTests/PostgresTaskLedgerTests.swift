import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Postgres
import Testing

@Suite("The PostgreSQL ledger", .timeLimit(.minutes(5)), .withPostgres)
struct PostgresTaskLedgerTests {
    private func task(_ number: Int = 0, at date: Date = Date(), key: String? = nil) -> AnswerTask {
        AnswerTask(
            id: .next(at: date),
            question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m\(number)"),
            replyTo: .unique(), owner: "local", createdAt: date, deadline: date,
            deduplication: key.map { Deduplication(key: $0, bodyHash: "body") })
    }

    private func text(_ task: AnswerTask, _ attempt: Int, _ sequence: Int) -> ReplyEvent {
        ReplyEvent(correlationID: task.id, attempt: attempt, sequence: sequence, kind: .text("\(attempt)/\(sequence) "))
    }

    @Test("it does what every ledger does", arguments: TaskLedgerConformance.behaviours)
    func conformance(behaviour: Behaviour<TaskLedgerConformance>) async throws {
        try await PostgresDatabase.withStore { store in
            try await behaviour.run(TaskLedgerConformance(PostgresTaskLedger(store)))
        }
    }

    @Test("of two attempts that write at the same time, in two processes, exactly one is heard")
    func twoAttempts() async throws {
        try await PostgresDatabase.withStores(2) { stores in
            let ledgers = stores.map { PostgresTaskLedger($0) }
            for _ in 0..<20 {
                let task = task()
                _ = try await ledgers[0].record(task, deduplicatingWithin: 1)
                _ = try await ledgers[0].beginAttempt(task.id)
                // The second attempt begins while the first writes.
                let outcomes = try await withThrowingTaskGroup(of: [AppendOutcome].self) { group in
                    group.addTask {
                        var outcomes: [AppendOutcome] = []
                        for sequence in 1...10 {
                            outcomes.append(try await ledgers[0].append([text(task, 1, sequence)]))
                        }
                        return outcomes
                    }
                    group.addTask {
                        guard case .began(let attempt) = try await ledgers[1].beginAttempt(task.id) else { return [] }
                        #expect(attempt.number == 2)
                        let events = (0..<3).map { text(task, 2, attempt.nextSequence + $0) }
                        #expect(try await ledgers[1].append(events) == .appended(isCancellationRequested: false))
                        return []
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                let written = outcomes.count { $0 != .stale }
                let events = try await ledgers[1].events(of: task.id, after: 0, limit: 99)
                #expect(events.map(\.sequence) == Array(1...(written + 3)))
                #expect(events.map(\.attempt) == Array(repeating: 1, count: written) + [2, 2, 2])
                // Once it is stale it stays so.
                #expect(outcomes == Array(outcomes.prefix(written)) + Array(repeating: .stale, count: 10 - written))
            }
        }
    }

    @Test("an append that is repeated, in two processes at the same time, is written once")
    func repeated() async throws {
        try await PostgresDatabase.withStores(2) { stores in
            let task = task()
            _ = try await PostgresTaskLedger(stores[0]).record(task, deduplicatingWithin: 1)
            _ = try await PostgresTaskLedger(stores[0]).beginAttempt(task.id)
            for first in [1, 4, 7] {
                let events = (first..<(first + 3)).map { text(task, 1, $0) }
                try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
                    for store in stores + stores {
                        group.addTask { try await PostgresTaskLedger(store).append(events) }
                    }
                    for try await outcome in group { #expect(outcome == .appended(isCancellationRequested: false)) }
                }
            }
            let events = try await PostgresTaskLedger(stores[1]).events(of: task.id, after: 0, limit: 99)
            #expect(events == (1...9).map { text(task, 1, $0) })
        }
    }

    @Test("the same request at two gateways at the same time is one task")
    func sameKey() async throws {
        try await PostgresDatabase.withStores(2) { stores in
            for round in 0..<10 {
                let outcomes = try await withThrowingTaskGroup(of: RecordOutcome.self) { group in
                    for number in 0..<6 {
                        let task = task(key: "key \(round)")
                        group.addTask {
                            try await PostgresTaskLedger(stores[number % 2]).record(task, deduplicatingWithin: 60)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count { $0 == .recorded } == 1)
            }
        }
    }

    @Test("many writers at the same time lose nothing, and one that fails fails alone")
    func gathers() async throws {
        try await PostgresDatabase.withStore { store in
            let ledger = PostgresTaskLedger(store)
            let tasks = (0..<60).map { task($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, task) in tasks.enumerated() {
                    group.addTask {
                        _ = try await ledger.record(task, deduplicatingWithin: 1)
                        _ = try await ledger.beginAttempt(task.id)
                        for sequence in 1...5 {
                            let going = try await ledger.append([text(task, 1, sequence)])
                            #expect(going == .appended(isCancellationRequested: false))
                        }
                        if number.isMultiple(of: 10) {
                            let error = await #expect(throws: StoreError.self) {
                                try await ledger.append([text(task, 1, 9)])
                            }
                            #expect(error?.code == .conflict)
                        }
                    }
                }
                try await group.waitForAll()
            }
            for task in tasks {
                #expect(try await ledger.events(of: task.id, after: 0, limit: 9) == (1...5).map { text(task, 1, $0) })
            }
        }
    }

    @Test("events are read from the chunk of their task alone")
    func plan() async throws {
        try await PostgresDatabase.withStore { store in
            guard store.edition != .plain else { return }
            let ledger = PostgresTaskLedger(store)
            let tasks = (0..<8).map { task($0, at: Date(timeIntervalSince1970: 1_700_000_000 + Double($0) * 86_400)) }
            for task in tasks {
                _ = try await ledger.record(task, deduplicatingWithin: 1)
                _ = try await ledger.beginAttempt(task.id)
                _ = try await ledger.append([text(task, 1, 1)])
            }
            for anyValues in [false, true] {
                let chunks = try await PostgresDatabase.chunksRead(
                    PostgresTaskLedger.page,
                    [("'\(tasks[3].id)'", "text"), ("0", "int4"), ("9", "int4"), ("100", "int8")], anyValues: anyValues,
                    store)
                #expect(chunks.count == 1)
            }
            let all: Int = try await store.pool.query(
                "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_schema = current_schema()")[0][0]
            #expect(all == 8)
        }
    }
}
