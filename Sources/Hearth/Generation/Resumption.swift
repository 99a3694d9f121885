/// How an attempt takes up the text that earlier attempts have written.
///
/// A pure state machine between the generator and the reader. What the reader has is never repeated and never
/// contradicted: the new text continues it, or the reader is told that it starts anew.
public struct Resumption: Sendable, Hashable {
    /// What is to be done with a piece of text.
    public enum Step: Hashable, Sendable {
        /// Pass this on; may be empty.
        case show(String)
        /// Tell the reader that the text so far is void, then pass this on.
        case restart(String)
    }

    private enum State: Hashable, Sendable {
        case passing
        /// The generator repeats the known text; this much of it is still to come.
        case skipping(expected: [UInt8], seen: [UInt8])
    }

    /// What the generator gets as the beginning of its answer; empty if it writes from the start.
    public let prefix: String
    /// Whether the reader is to be told at once that the text starts anew.
    public let restartsAtOnce: Bool
    /// The text that counts as written before the first piece: ``prefix``, or nothing.
    private var state: State

    /// - Parameters:
    ///   - known: the text that the reader has.
    ///   - isSamePrompt: whether the prompt is the one that `known` answers; another prompt numbers its passages otherwise.
    public init(known: String, continuation: GeneratorModel.Continuation, isSamePrompt: Bool) {
        guard !known.isEmpty else {
            (prefix, restartsAtOnce, state) = ("", false, .passing)
            return
        }
        switch (continuation, isSamePrompt) {
        case (.prefill, true):
            (prefix, restartsAtOnce, state) = (known, false, .passing)
        case (.replay, true):
            (prefix, restartsAtOnce, state) = ("", false, .skipping(expected: Array(known.utf8), seen: []))
        case (.none, _), (.prefill, false), (.replay, false):
            (prefix, restartsAtOnce, state) = ("", true, .passing)
        }
    }

    /// Takes the next piece, markers checked already.
    public mutating func push(_ piece: String) -> Step {
        switch state {
        case .passing:
            return .show(piece)
        case .skipping(let expected, var seen):
            seen.append(contentsOf: piece.utf8)
            let common = min(expected.count, seen.count)
            guard expected[..<common].elementsEqual(seen[..<common]) else {
                state = .passing
                return .restart(String(decoding: seen, as: UTF8.self))
            }
            guard seen.count >= expected.count else {
                state = .skipping(expected: expected, seen: seen)
                return .show("")
            }
            state = .passing
            return .show(String(decoding: seen[expected.count...], as: UTF8.self))
        }
    }

    /// Called when the generator has finished: a repetition that ended early contradicts what the reader has.
    public mutating func finish() -> Step {
        guard case .skipping(_, let seen) = state else { return .show("") }
        state = .passing
        return .restart(String(decoding: seen, as: UTF8.self))
    }
}
