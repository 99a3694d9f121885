public import Hearth
import Synchronization

/// A generator that does what a test says, step by step and only as fast as it is read.
public final class ScriptedGenerator: Generator {
    /// One thing that the generator does.
    public enum Step: Sendable {
        /// Writes a piece of text.
        case text(String)
        /// Waits until the signal has been fired so often in all.
        case wait(TestSignal, count: Int = 1)
        /// Fires the signal.
        case fire(TestSignal)
        case fail(GeneratorError)
        /// Waits until the reader stops.
        case hang
        /// Ends without having finished, as a connection that breaks.
        case breakOff
    }

    /// The provider of its models.
    public static let provider = "scripted"

    private let offered: [GeneratorModel]
    private let script: @Sendable (GenerationRequest) throws -> [Step]
    private let log = Mutex<[GenerationRequest]>([])
    /// Fired each time a step has been carried out.
    public let stepped = TestSignal()
    /// Fired each time a reader has let go of the events, at the end or before.
    public let stopped = TestSignal()

    /// - Parameters:
    ///   - continuation: what its model says of itself. With `prefill` the beginning that is given is taken off
    ///     the script's text; with the others the script starts anew.
    ///   - script: what to do for a request.
    public init(
        continuation: GeneratorModel.Continuation = .prefill,
        contextLength: Int = 8192,
        script: @escaping @Sendable (GenerationRequest) throws -> [Step]
    ) {
        offered = [
            GeneratorModel(
                name: "scripted", provider: Self.provider, contextLength: contextLength, continuation: continuation)
        ]
        self.script = script
    }

    /// Writes the same text each time.
    public convenience init(_ pieces: [String], continuation: GeneratorModel.Continuation = .prefill) {
        self.init(continuation: continuation) { _ in pieces.map(Step.text) }
    }

    /// The requests so far.
    public var requests: [GenerationRequest] { log.withLock { $0 } }

    public func models() async throws -> [GeneratorModel] { offered }
    public func defaultModel() async throws -> GeneratorModel { offered[0] }

    public func generate(
        _ request: GenerationRequest
    ) async throws -> any AsyncSequence<GenerationEvent, any Error> & Sendable {
        guard offered.contains(where: { $0.label == request.model.label }) else {
            throw GeneratorError(.modelNotFound, "The scripted generator has no model '\(request.model.name)'.")
        }
        log.withLock { $0.append(request) }
        let steps = Self.steps(try script(request), after: request.prefix)
        return ScriptedEvents(steps: steps, prompt: request.prompt.estimatedTokens, stepped: stepped, stopped: stopped)
    }

    /// The steps without the text that is there already.
    private static func steps(_ steps: [Step], after prefix: String) -> [Step] {
        var skipped = prefix.utf8.count
        return steps.compactMap { step in
            guard skipped > 0, case .text(let text) = step else { return step }
            let rest = String(decoding: text.utf8.dropFirst(skipped), as: UTF8.self)
            skipped = max(0, skipped - text.utf8.count)
            return rest.isEmpty ? nil : .text(rest)
        }
    }
}
