import ArgumentParser
import FoundationEssentials
import Gateway
import Hearth
import UnixSignals
import Worker

struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Asks a question about a project; the answer streams, with its sources below.",
        discussion: "Needs no server. With --session the conversation goes on where it was.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The question.") var question: String
    @Option(help: "The project (default: the only one, or the one around this folder).") var project: String?
    @Option(help: "Continue this session.") var session: String?
    @Option(help: "Only use files whose path begins so.") var path: String?
    @Option(help: "0 is the most sober, 2 the least.") var temperature: Double?
    @Option(help: "The same seed and model give the same answer, where the model can.") var seed: Int?
    @Flag(help: "Print one JSON document at the end instead of the text.") var json = false

    private struct Output: Encodable {
        let id: CorrelationID
        let session: SessionID
        let project: ProjectID
        let text: String
        let summary: AnswerSummary?
        let passages: [PassageReference]
    }

    /// What the person at the terminal wanted.
    private enum Outcome: Sendable {
        case answered(Answer)
        case interrupted
    }

    func run() async throws {
        guard !question.trimmingWhitespace().isEmpty else { throw ConfigurationError("The question is empty.") }
        let composition = try await Composition(options.load())
        let project = try await composition.stores.project(orOnly: project)
        let task = try self.task(project, composition: composition)
        let outcome = try await answer(task.question, in: composition)
        guard case .answered(let answer) = outcome.0 else { throw ExitCode(130) }
        if case .failed(let failure)? = answer.ending?.kind { throw ConfigurationError(failure.message) }
        if json {
            try JSONOutput.write(
                Output(
                    id: outcome.1, session: task.question.sessionID, project: project.id, text: answer.text,
                    summary: answer.summary, passages: answer.retrieval?.passages ?? []))
        } else if Terminal.error.isInteractive, session == nil {
            Terminal.error.line(
                Terminal.error.dim(
                    "\nAsk on: hearth ask --project \(project.id) --session \(task.question.sessionID) \"…\""))
        }
    }

    private func task(_ project: Project, composition: Composition) throws -> (question: Question, id: SessionID) {
        let id = try session.map { text in
            guard let id = SessionID(rawValue: text) else { throw ConfigurationError("'\(text)' is no session's id.") }
            return id
        }
        if let temperature, !(0...2).contains(temperature) {
            throw ConfigurationError("--temperature must be between 0 and 2.")
        }
        let question = Question(
            projectID: project.id, sessionID: id ?? .next(), messages: [ChatMessage(role: .user, content: question)],
            model: "hearth/\(project.id)", options: GenerationOptions(temperature: temperature, seed: seed),
            filter: PassageFilter(pathPrefix: path))
        return (question, question.sessionID)
    }

    /// Runs a worker and a desk of its own: the same way that a question takes through the server.
    private func answer(_ question: Question, in composition: Composition) async throws -> (Outcome, CorrelationID) {
        let stores = composition.stores
        let router = ReplyRouter(bus: stores.bus, ledger: stores.ledger, logger: stores.logger)
        let desk = QuestionDesk(bus: stores.bus, ledger: stores.ledger, logger: stores.logger)
        let worker = composition.answerWorker()
        let deadline = Date().addingTimeInterval(stores.configuration.number(.answerDeadline))
        let task = AnswerTask(
            id: .next(), question: question, replyTo: router.gateway, owner: "local", deadline: deadline)
        let isQuiet = json
        let outcome = try await withThrowingTaskGroup(of: Outcome?.self) { group in
            if let bus = stores.busService {
                group.addTask {
                    try await bus.run()
                    return nil
                }
            }
            group.addTask {
                try await router.run()
                return nil
            }
            group.addTask {
                try await worker.run()
                return nil
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
                return Task.isCancelled ? nil : .interrupted
            }
            group.addTask {
                _ = try await desk.submit(task)
                return .answered(try await Self.read(router.events(of: task.id), isQuiet: isQuiet))
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                guard let outcome = finished else { continue }
                if case .interrupted = outcome { _ = try await desk.cancel(task.id) }
                return outcome
            }
            return .interrupted
        }
        return (outcome, task.id)
    }

    private static func read(_ events: ReplyEvents, isQuiet: Bool) async throws -> Answer {
        var answer = Answer()
        var printer = AnswerPrinter()
        for try await event in events {
            answer.add(event)
            if !isQuiet { printer.show(event) }
        }
        return answer
    }
}
