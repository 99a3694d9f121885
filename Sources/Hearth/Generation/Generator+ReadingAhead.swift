extension Generator {
    /// Generates while `body` stores what came before, and hands `body` all text that has gathered since.
    ///
    /// Ends when the generator has finished. When `body` throws, or the task is cancelled, the generator is stopped.
    func readingAhead(
        _ request: GenerationRequest,
        meanwhile: () async throws -> Void,
        piece body: (String) async throws -> Void
    ) async throws -> (FinishReason, TokenUsage) {
        let buffer = PieceBuffer()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fill(buffer, with: request) }
            defer { group.cancelAll() }
            try await meanwhile()
            while true {
                switch try await buffer.take() {
                case .text(let text): try await body(text)
                case .finished(let reason, let usage): return (reason, usage)
                }
            }
        }
    }

    private func fill(_ buffer: PieceBuffer, with request: GenerationRequest) async {
        do {
            for try await event in try await generate(request) {
                switch event {
                case .text(let piece): try await buffer.put(piece)
                case .finished(let reason, let usage): buffer.end(.success((reason, usage)))
                }
            }
            // A generator that broke off without saying so is not one that has finished.
            let cutOff = GeneratorError(.unavailable, "The generator ended its reply before it had finished.")
            buffer.end(.failure(cutOff))
        } catch {
            buffer.end(.failure(error))
        }
    }
}
