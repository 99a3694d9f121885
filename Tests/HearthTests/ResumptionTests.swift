import Hearth
import Testing

@Suite("Continuing an answer")
struct ResumptionTests {
    /// What a reader has at the end who had `known` at the beginning.
    private func read(known: String, continuation: GeneratorModel.Continuation, same: Bool, pieces: [String]) -> String
    {
        var resumption = Resumption(known: known, continuation: continuation, isSamePrompt: same)
        var text = resumption.restartsAtOnce ? "" : known
        func apply(_ step: Resumption.Step) {
            switch step {
            case .show(let piece): text += piece
            case .restart(let piece): text = piece
            }
        }
        for piece in pieces { apply(resumption.push(piece)) }
        apply(resumption.finish())
        return text
    }

    @Test("a model that continues gets the known text as its beginning and nothing is repeated")
    func prefill() {
        let resumption = Resumption(known: "one two", continuation: .prefill, isSamePrompt: true)
        #expect(resumption.prefix == "one two")
        #expect(read(known: "one two", continuation: .prefill, same: true, pieces: [" three"]) == "one two three")
    }

    @Test("a model that repeats itself is skipped up to where the reader is", arguments: 0...12)
    func replay(known: Int) {
        let whole = "alpha béta 🔥"
        let text = String(whole.prefix(known))
        let pieces = whole.map { String($0) }
        #expect(read(known: text, continuation: .replay, same: true, pieces: pieces) == whole)
    }

    @Test("a repetition that differs starts anew")
    func differs() {
        #expect(read(known: "alpha", continuation: .replay, same: true, pieces: ["al", "tered"]) == "altered")
    }

    @Test("a repetition that ends early starts anew")
    func endsEarly() {
        #expect(read(known: "alpha beta", continuation: .replay, same: true, pieces: ["alpha"]) == "alpha")
    }

    @Test(
        "another prompt starts anew, whatever the model can do",
        arguments: [
            GeneratorModel.Continuation.prefill, .replay, .none,
        ])
    func otherPrompt(continuation: GeneratorModel.Continuation) {
        #expect(read(known: "old", continuation: continuation, same: false, pieces: ["new"]) == "new")
    }

    @Test("a first attempt passes everything on")
    func first() {
        #expect(read(known: "", continuation: .none, same: false, pieces: ["a", "b"]) == "ab")
    }
}
