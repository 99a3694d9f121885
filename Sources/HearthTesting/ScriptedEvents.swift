import Hearth

/// The events of a ``ScriptedGenerator``.
struct ScriptedEvents: AsyncSequence, Sendable {
    typealias Element = GenerationEvent
    typealias Failure = any Error

    let steps: [ScriptedGenerator.Step]
    let prompt: Int
    let stepped: TestSignal
    let stopped: TestSignal

    func makeAsyncIterator() -> Iterator {
        Iterator(steps: steps[...], prompt: prompt, stepped: stepped, reader: Reader(stopped))
    }

    /// Lives as long as somebody reads.
    fileprivate final class Reader: Sendable {
        let stopped: TestSignal
        init(_ stopped: TestSignal) { self.stopped = stopped }
        deinit { stopped.fire() }
    }

    struct Iterator: AsyncIteratorProtocol {
        private var steps: ArraySlice<ScriptedGenerator.Step>
        private let prompt: Int
        private let stepped: TestSignal
        private let reader: Reader
        private var written = 0
        private var hasEnded = false

        fileprivate init(
            steps: ArraySlice<ScriptedGenerator.Step>,
            prompt: Int,
            stepped: TestSignal,
            reader: Reader
        ) {
            self.steps = steps
            self.prompt = prompt
            self.stepped = stepped
            self.reader = reader
        }

        mutating func next() async throws -> GenerationEvent? {
            guard !hasEnded else { return nil }
            while let step = steps.popFirst() {
                try Task.checkCancellation()
                switch step {
                case .text(let text):
                    written += 1
                    stepped.fire()
                    return .text(text)
                case .wait(let signal, let count): try await signal.wait(for: count)
                case .fire(let signal): signal.fire()
                case .fail(let error):
                    hasEnded = true
                    throw error
                case .hang: try await TestSignal().wait()
                case .breakOff:
                    hasEnded = true
                    return nil
                }
                stepped.fire()
            }
            hasEnded = true
            return .finished(.stop, TokenUsage(prompt: prompt, completion: written))
        }
    }
}
