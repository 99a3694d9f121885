import Hearth

/// The pieces of a finished text, one each time it is asked.
struct ExtractiveEvents: AsyncSequence, Sendable {
    typealias Element = GenerationEvent
    typealias Failure = any Error

    let pieces: [String]
    let finish: GenerationEvent

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces[...], finish: finish) }

    struct Iterator: AsyncIteratorProtocol {
        var pieces: ArraySlice<String>
        var finish: GenerationEvent?

        mutating func next() async throws -> GenerationEvent? {
            try Task.checkCancellation()
            if let piece = pieces.popFirst() { return .text(piece) }
            return finish.take()
        }
    }
}
