import Hearth
import Ollama

/// The events of a reply of Ollama, read only as they are asked for.
struct OllamaEvents: AsyncSequence, Sendable {
    typealias Element = GenerationEvent
    typealias Failure = any Error

    let replies: OllamaChatStream
    let check: OllamaPromptCheck
    let explain: @Sendable (OllamaError) -> GeneratorError

    func makeAsyncIterator() -> Iterator {
        Iterator(replies: replies.makeAsyncIterator(), check: check, explain: explain)
    }

    struct Iterator: AsyncIteratorProtocol {
        private var replies: OllamaChatStream.AsyncIterator
        private let check: OllamaPromptCheck
        private let explain: @Sendable (OllamaError) -> GeneratorError
        /// The end, where the last line had text as well.
        private var finish: GenerationEvent?
        private var hasEnded = false

        init(
            replies: OllamaChatStream.AsyncIterator,
            check: OllamaPromptCheck,
            explain: @escaping @Sendable (OllamaError) -> GeneratorError
        ) {
            self.replies = replies
            self.check = check
            self.explain = explain
        }

        @concurrent
        mutating func next() async throws -> GenerationEvent? {
            if let finish = finish.take() { return finish }
            guard !hasEnded else { return nil }
            while true {
                let reply = try await nextReply()
                if let ending = reply.ending {
                    hasEnded = true
                    try check.check(promptTokens: ending.promptTokens)
                    finish = .finished(
                        ending.reason == "length" ? .length : .stop,
                        TokenUsage(prompt: ending.promptTokens ?? 0, completion: ending.writtenTokens ?? 0))
                    if reply.text.isEmpty { return finish.take() }
                }
                if !reply.text.isEmpty { return .text(reply.text) }
            }
        }

        @concurrent
        private mutating func nextReply() async throws -> OllamaChatReply {
            do {
                if let reply = try await replies.next() { return reply }
            } catch let error as OllamaError {
                throw explain(error)
            }
            throw GeneratorError(.unavailable, "Ollama ended its reply before it had finished.")
        }
    }
}
