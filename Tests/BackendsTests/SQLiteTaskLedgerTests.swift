import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("The SQLite ledger", .timeLimit(.minutes(2)))
struct SQLiteTaskLedgerTests {
    @Test("it does what every ledger does", arguments: TaskLedgerConformance.behaviours, [true, false])
    func conformance(behaviour: Behaviour<TaskLedgerConformance>, fsync: Bool) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: fsync, logger: .test)
            try await behaviour.run(TaskLedgerConformance(SQLiteTaskLedger(store)))
        }
    }

    @Test("many writers at the same time lose nothing, and one that fails fails alone")
    func groupCommit() async throws {
        try await withTemporaryFolder { folder in
            let ledger = SQLiteTaskLedger(try SQLiteStore.open(directory: folder, fsync: true, logger: .test))
            let tasks = (0..<100).map { _ in
                AnswerTask(
                    id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
                    replyTo: .unique(), owner: "local", deadline: Date())
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in tasks {
                    group.addTask {
                        let outcome = try await ledger.record(task, deduplicatingWithin: 1)
                        #expect(outcome == .recorded)
                    }
                }
                try await group.waitForAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (offset, task) in tasks.enumerated() {
                    group.addTask {
                        if offset.isMultiple(of: 2) {
                            try await ledger.markPublished(task.id)
                        } else {
                            let error = await #expect(throws: StoreError.self) {
                                _ = try await ledger.record(task, deduplicatingWithin: 0)
                            }
                            #expect(error?.code == .conflict)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await ledger.unpublished(before: .distantFuture, limit: 1_000).count == 50)
        }
    }
}
