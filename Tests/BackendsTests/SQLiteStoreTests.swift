import Backends
import Foundation
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("The SQLite store", .timeLimit(.minutes(2)))
struct SQLiteStoreTests {
    @Test("a damaged file is named as such, with what to do")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            try Data("this is no database, but long enough to look at".utf8).write(
                to: URL(filePath: folder + "/hearth.sqlite"))
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            }
            #expect(error?.code == .corrupt && error?.isRetriable == false)
            #expect(error?.message.contains("backup") == true)
        }
    }

    @Test("pages that were overwritten are reported as damage, not as an answer")
    func damagedInside() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let bus = try SQLiteTaskBus(store)
            try await bus.publish(
                (0..<200).map { TaskMessage(id: "t\($0)", topic: .answer, payload: Data(count: 2_000)) })
            try store.close()
            let file = try FileHandle(forWritingTo: URL(filePath: folder + "/hearth.sqlite"))
            let size = try file.seekToEnd()
            try file.seek(toOffset: 4_096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 4_096))
            try file.close()
            do {
                let bus = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
                _ = try await bus.claim(.answer)
                Issue.record("a task was read from a damaged file")
            } catch let error as StoreError {
                #expect(error.code == .corrupt)
            } catch let error as TaskBusError {
                #expect(error.code == .corrupt)
            }
        }
    }

    @Test("a file of a newer version is refused")
    func newer() async throws {
        try await withTemporaryFolder { folder in
            try SQLiteStore.open(directory: folder, fsync: false, logger: .test).addFutureMigration()
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            }
            #expect(error?.code == .conflict && error?.message.contains("newer version") == true)
        }
    }

    @Test("a folder that cannot be made is said to be so")
    func noFolder() throws {
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore.open(directory: "/dev/null/hearth", fsync: false, logger: .test)
        }
        #expect(error?.code == .unreachable)
    }

    @Test("waiting for the disk is on or off, as asked for", arguments: [true, false])
    func synchronous(fsync: Bool) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: fsync, logger: .test)
            #expect(try store.waitsForDisk == fsync)
        }
    }

    @Test("what was promised waits for the disk, a claim and an attempt do not")
    func promises() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: true, logger: .test)
            let (bus, ledger, timeline) = (try SQLiteTaskBus(store), SQLiteTaskLedger(store), SQLiteTimeline(store))
            let task = AnswerTask(
                id: .next(), question: Question(projectID: nil, sessionID: .next(), messages: [], model: "m"),
                replyTo: .unique(), owner: "local", deadline: Date().addingTimeInterval(60))
            _ = try await ledger.record(task, deduplicatingWithin: 0)
            try await bus.publish([try task.message()])
            #expect(try store.waitsForDisk, "an accepted question")
            let delivery = try await bus.claim(.answer)
            #expect(try !store.waitsForDisk, "a claim")
            guard case .began(let attempt) = try await ledger.beginAttempt(task.id) else {
                Issue.record("the attempt did not begin")
                return
            }
            #expect(try !store.waitsForDisk, "an attempt")
            let text = ReplyEvent(
                correlationID: task.id, attempt: attempt.number, sequence: 1, kind: .text("read by somebody"))
            _ = try await ledger.append([text])
            #expect(try store.waitsForDisk, "text")
            try await bus.settle(delivery, as: .done)
            #expect(try !store.waitsForDisk, "a verdict")
            try await timeline.append([], to: Session(id: .next(), projectID: nil, title: "t"))
            #expect(try store.waitsForDisk, "a session")
        }
    }

    @Test("many who open a fresh folder at the same time all succeed")
    func openingTogether() async throws {
        try await withTemporaryFolder { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
                        try await SQLiteTaskBus(store).publish([
                            TaskMessage(id: "t\(number)", topic: .answer, payload: Data())
                        ])
                    }
                }
                try await group.waitForAll()
            }
            let bus = try SQLiteTaskBus(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
            #expect(try await bus.backlog(of: .answer).ready == 8)
        }
    }

    @Test("what is asked of a closed store fails as such")
    func closed() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let bus = try SQLiteTaskBus(store)
            try store.close()
            let error = await #expect(throws: TaskBusError.self) {
                try await bus.publish([TaskMessage(id: "a", topic: .answer, payload: Data())])
            }
            #expect(error?.code == .closed)
        }
    }

    @Test(
        "on a full disk every write is whole or refused as retriable, and goes on when there is room",
        .enabled(if: SQLiteSmallDisk.isAvailable, "mounting needs root"), arguments: [5_000, 100_000])
    func fullDisk(size: Int) async throws {
        try await withTemporaryFolder { folder in
            let disk = try SQLiteSmallDisk(folder + "/disk", megabytes: 6)
            let store = try SQLiteStore.open(directory: disk.path, fsync: true, logger: .test)
            let bus = try SQLiteTaskBus(store)
            // The large ones do not fit into the page cache: the disk is full before the transaction ends.
            let payload = Data(repeating: 7, count: size)
            let (accepted, refusals) = await fill(bus, payload: payload)
            #expect(!refusals.isEmpty && refusals.allSatisfy { $0.code == .full && $0.isRetriable })
            #expect(try await bus.backlog(of: .answer).ready == accepted.count)
            try disk.grow(toMegabytes: 32)
            try await bus.publish([TaskMessage(id: "last", topic: .answer, payload: payload)])
            var ids: Set<String> = []
            for _ in 0...accepted.count {
                let delivery = try await bus.claim(.answer)
                #expect(delivery.message.payload == payload)
                ids.insert(delivery.message.id)
                try await bus.settle(delivery, as: .done)
            }
            #expect(ids == accepted.union(["last"]))
            try store.close()
            withExtendedLifetime(disk) {}
        }
    }

    /// Publishes from many sides at once, so that a group of writes meets the end of the disk.
    private func fill(_ bus: SQLiteTaskBus, payload: Data) async -> (accepted: Set<String>, refusals: [TaskBusError]) {
        await withTaskGroup(of: (String, TaskBusError?).self) { group in
            for number in 0..<10_000_000 / payload.count {
                group.addTask {
                    let id = "t\(number)"
                    do {
                        try await bus.publish([TaskMessage(id: id, topic: .answer, payload: payload)])
                        return (id, nil)
                    } catch {
                        return (id, error as? TaskBusError ?? TaskBusError(.invalid, "\(error)"))
                    }
                }
            }
            return await group.reduce(into: ([], [])) { result, outcome in
                if let error = outcome.1 { result.1.append(error) } else { result.0.insert(outcome.0) }
            }
        }
    }
}
