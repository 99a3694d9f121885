import Backends
import FoundationEssentials
import Hearth
import HearthTesting
import Logging
import Synchronization
import Testing

/// A generator that does what a list of turns says, one turn a call.
private final class TurnByTurnGenerator: Generator {
    enum Turn: Sendable {
        /// Writes the pieces and finishes.
        case writes([String])
        /// Writes the pieces and then fails.
        case fails([String], GeneratorError)
        /// Writes the pieces and then waits for ever.
        case hangs([String])
    }

    private let turns: Mutex<[Turn]>
    private let seen = Mutex<[GenerationRequest]>([])
    private let continuation: GeneratorModel.Continuation

    init(_ turns: [Turn], continuation: GeneratorModel.Continuation = .prefill) {
        self.turns = Mutex(turns)
        self.continuation = continuation
    }

    var requests: [GenerationRequest] { seen.withLock { $0 } }

    func models() async throws -> [GeneratorModel] {
        [GeneratorModel(name: "turns", provider: "turns", contextLength: 4096, continuation: continuation)]
    }

    func defaultModel() async throws -> GeneratorModel { try await models()[0] }

    func generate(_ request: GenerationRequest) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable
    {
        seen.withLock { $0.append(request) }
        let turn = turns.withLock { $0.isEmpty ? .writes([]) : $0.removeFirst() }
        return Sequence(turn: turn)
    }

    private struct Sequence: AsyncSequence, Sendable {
        typealias Failure = any Error
        let turn: Turn

        struct Iterator: AsyncIteratorProtocol {
            var pieces: ArraySlice<String>
            let turn: Turn
            var isFinished = false

            mutating func next() async throws -> GenerationEvent? {
                if let piece = pieces.popFirst() { return .text(piece) }
                guard !isFinished else { return nil }
                isFinished = true
                switch turn {
                case .writes: return .finished(.stop, TokenUsage(prompt: 3, completion: 2))
                case .fails(_, let error): throw error
                case .hangs:
                    // check: allow sleep because a generator that hangs is what is tested; cancelling ends it at once
                    try await Task.sleep(for: .seconds(3_600))
                    return nil
                }
            }
        }

        func makeAsyncIterator() -> Iterator {
            switch turn {
            case .writes(let pieces), .fails(let pieces, _), .hangs(let pieces):
                Iterator(pieces: pieces[...], turn: turn)
            }
        }
    }
}

@Suite("Doing a question")
struct AnswerTaskHandlerTests {
    private struct Desk {
        let bus: SQLiteTaskBus
        let ledger: SQLiteTaskLedger
        let timeline: SQLiteTimeline
        let index: MemoryPassageIndex
        let handler: AnswerTaskHandler
    }

    private func withDesk(_ generator: any Generator, _ body: (Desk) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            let (bus, ledger, timeline) = (try SQLiteTaskBus(store), SQLiteTaskLedger(store), SQLiteTimeline(store))
            let encoder = HashedWordEncoder()
            let index = MemoryPassageIndex()
            let project = try #require(ProjectID(rawValue: "demo"))
            try await timeline.save(Project(id: project, source: "/code"))
            let generation = IndexGeneration(encoder: "e", dimension: 64, chunker: "c", grammars: "g")
            let reference = try await index.prepare(generation, of: project)
            try await index.activate(reference)
            let text = "func greet() { print(\"hello\") }"
            let passage = Passage(
                id: "p1", path: "Greet.swift", language: "swift", lines: 1...1, bytes: 0..<text.utf8.count,
                documentVersion: "v1", symbol: "greet()", header: "", text: text, hash: Digest.sha256(text))
            try await index.replace(
                IndexedDocument(
                    path: "Greet.swift", tag: "t", version: "v1", size: 1, language: "swift", passageCount: 1),
                with: [IndexedPassage(passage: passage, vector: try await encoder.encode([text])[0])], in: reference)
            let pipeline = AnswerPipeline(
                retriever: Retriever(encoders: Encoders(only: encoder), index: index, logger: .test),
                timeline: timeline, generator: generator)
            let handler = AnswerTaskHandler(
                pipeline: pipeline, ledger: ledger, timeline: timeline, bus: bus,
                policy: RetryPolicy(maximumAttempts: 2, firstDelay: .zero, longestDelay: .zero),
                cancellationPoll: .milliseconds(5), logger: .test)
            try await body(Desk(bus: bus, ledger: ledger, timeline: timeline, index: index, handler: handler))
        }
    }

    private func ask(_ desk: Desk, deadline: Date = Date().addingTimeInterval(600)) async throws -> AnswerTask {
        let task = AnswerTask(
            id: .next(),
            question: Question(
                projectID: ProjectID(rawValue: "demo"), sessionID: .next(),
                messages: [ChatMessage(role: .user, content: "How does greet greet?")], model: "hearth/demo"),
            replyTo: .unique(), owner: "local", deadline: deadline)
        #expect(try await desk.ledger.record(task, deduplicatingWithin: 60) == .recorded)
        try await desk.bus.publish([try task.message()])
        try await desk.ledger.markPublished(task.id)
        return task
    }

    private func work(_ desk: Desk) async throws -> TaskVerdict {
        let delivery = try await desk.bus.claim(.answer)
        let verdict = await desk.handler.handle(delivery)
        try await desk.bus.settle(delivery, as: verdict)
        return verdict
    }

    private func answer(_ desk: Desk, _ task: AnswerTask) async throws -> Answer {
        Answer(try await desk.ledger.events(of: task.id, after: 0, limit: .max))
    }

    @Test("an answer is written, cited, remembered and settled")
    func completes() async throws {
        try await withDesk(TurnByTurnGenerator([.writes(["It prints ", "hello [1]", " and more [7]."])])) { desk in
            let task = try await ask(desk)
            #expect(try await work(desk) == .done)
            let answer = try await answer(desk, task)
            #expect(answer.text == "It prints hello [1] and more.")
            let summary = try #require(answer.summary)
            #expect(summary.citations.map(\.passage.path) == ["Greet.swift"] && summary.removedMarkers == 1)
            #expect(summary.usage == TokenUsage(prompt: 3, completion: 2))
            let messages = try await desk.timeline.messages(in: task.question.sessionID, before: nil, limit: 9)
            #expect(messages.map(\.role) == [.user, .assistant] && messages[1].text == answer.text)
            let provenance = try #require(messages[1].provenance)
            #expect(provenance.passages.map(\.hash) == answer.retrieval?.passages.map(\.hash))
            #expect(provenance.promptHash == answer.retrieval?.promptHash)
            #expect(try await desk.bus.backlog(of: .answer) == TaskBacklog())
        }
    }

    // A blank at the end is held back, since a marker may follow: the continuation begins with it, as LLMs do.
    @Test("the second attempt continues the text of the first by prefill")
    func continues() async throws {
        let away = GeneratorError(.unavailable, "gone")
        let generator = TurnByTurnGenerator([.fails(["It prints "], away), .writes([" hello [1]."])])
        try await withDesk(generator) { desk in
            let task = try await ask(desk)
            guard case .retry = try await work(desk) else {
                Issue.record("expected a retry")
                return
            }
            #expect(try await work(desk) == .done)
            let answer = try await answer(desk, task)
            #expect(answer.text == "It prints hello [1]." && answer.summary?.citations.count == 1)
            #expect(generator.requests.map(\.prefix) == ["", "It prints"])
            let sequences = try await desk.ledger.events(of: task.id, after: 0, limit: .max).map(\.sequence)
            #expect(sequences == Array(1...sequences.count))
        }
    }

    @Test(
        "a deterministic generator is replayed and skipped, another one starts anew",
        arguments: [
            (GeneratorModel.Continuation.replay, false), (.none, true),
        ])
    func replays(continuation: GeneratorModel.Continuation, restarts: Bool) async throws {
        let away = GeneratorError(.unavailable, "gone")
        let generator = TurnByTurnGenerator(
            [.fails(["It pri"], away), .writes(["It prints ", "hello."])], continuation: continuation)
        try await withDesk(generator) { desk in
            let task = try await ask(desk)
            _ = try await work(desk)
            #expect(try await work(desk) == .done)
            let events = try await desk.ledger.events(of: task.id, after: 0, limit: .max)
            #expect(Answer(events).text == "It prints hello.")
            #expect(events.contains { $0.kind == .restarted } == restarts)
        }
    }

    @Test("a generator that stays away ends among the dead letters, and the client is told")
    func givesUp() async throws {
        let away = GeneratorError(.unavailable, "nobody answers")
        try await withDesk(TurnByTurnGenerator([.fails([], away), .fails([], away), .writes(["back"])])) { desk in
            let task = try await ask(desk)
            _ = try await work(desk)
            guard case .deadLetter = try await work(desk) else {
                Issue.record("expected a dead letter")
                return
            }
            let entry = try #require(try await desk.ledger.entry(task.id))
            #expect(entry.status == .failed && entry.failure?.code == .generatorUnavailable)
            #expect(try await desk.ledger.reopen(task.id))
            #expect(try await desk.bus.replay(task.id.rawValue, on: .answer))
            #expect(try await work(desk) == .done)
            #expect(try await answer(desk, task).text == "back")
        }
    }

    @Test("a generator that hangs is stopped when the question is cancelled")
    func cancels() async throws {
        try await withDesk(TurnByTurnGenerator([.hangs(["It "])])) { desk in
            let task = try await ask(desk)
            async let verdict = work(desk)
            while try await desk.ledger.entry(task.id)?.lastSequence ?? 0 < 2 { await Task.yield() }
            #expect(try await desk.ledger.requestCancellation(task.id) == .requested)
            #expect(try await verdict == .done)
            #expect(try await desk.ledger.entry(task.id)?.status == .cancelled)
        }
    }

    @Test("a worker that stops hands its task back, and the next one goes on")
    func abandons() async throws {
        let generator = TurnByTurnGenerator([.hangs(["It "]), .writes([" goes on."])])
        try await withDesk(generator) { desk in
            let task = try await ask(desk)
            let verdict = try await withThrowingTaskGroup(of: TaskVerdict.self) { group in
                group.addTask { try await work(desk) }
                while try await desk.ledger.entry(task.id)?.lastSequence ?? 0 < 2 { await Task.yield() }
                group.cancelAll()
                return try await group.next()
            }
            #expect(verdict == .abandoned)
            #expect(try await work(desk) == .done)
            #expect(try await answer(desk, task).text == "It goes on.")
        }
    }

    @Test("a question whose time is over fails without being begun")
    func expires() async throws {
        let generator = TurnByTurnGenerator([.writes(["too late"])])
        try await withDesk(generator) { desk in
            let task = try await ask(desk, deadline: Date().addingTimeInterval(-1))
            #expect(try await work(desk) == .done)
            #expect(try await desk.ledger.entry(task.id)?.failure?.code == .expired)
            #expect(generator.requests.isEmpty)
        }
    }

    @Test("a redelivery after the end writes nothing twice")
    func redelivery() async throws {
        try await withDesk(TurnByTurnGenerator([.writes(["once"]), .writes(["twice"])])) { desk in
            let task = try await ask(desk)
            let delivery = try await desk.bus.claim(.answer)
            #expect(await desk.handler.handle(delivery) == .done)
            #expect(await desk.handler.handle(delivery) == .done)
            #expect(try await answer(desk, task).text == "once")
            #expect(try await desk.timeline.messages(in: task.question.sessionID, before: nil, limit: 9).count == 2)
        }
    }

    @Test("a question about a project without an index fails with what to do")
    func notReady() async throws {
        try await withDesk(TurnByTurnGenerator([])) { desk in
            try await desk.index.dropGenerations(of: try #require(ProjectID(rawValue: "demo")), except: nil)
            let task = try await ask(desk)
            #expect(try await work(desk) == .done)
            let failure = try await desk.ledger.entry(task.id)?.failure
            #expect(failure?.code == .projectNotReady && failure?.message.contains("hearth ingest") == true)
        }
    }

    @Test("a payload that cannot be read is set aside")
    func unreadable() async throws {
        try await withDesk(TurnByTurnGenerator([])) { desk in
            try await desk.bus.publish([TaskMessage(id: "x", topic: .answer, payload: Data("{".utf8))])
            guard case .deadLetter = try await work(desk) else {
                Issue.record("expected a dead letter")
                return
            }
        }
    }
}
