public import Hearth
import Testing

/// What every ``Encoder`` does.
public struct EncoderConformance: Sendable {
    private let encoder: any Hearth.Encoder
    private let texts = ["func parse(_ text: String) -> Tree", "class Renderer:\n    pass", "", "日本語 🔥", "x"]

    public init(_ encoder: any Hearth.Encoder) { self.encoder = encoder }

    /// One vector a text, in order, of the stated dimension and of length 1.
    public func encodesEachText() async throws {
        let vectors = try await encoder.encode(texts)
        #expect(vectors.count == texts.count)
        for vector in vectors {
            #expect(vector.count == encoder.identity.dimension)
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(abs(length - 1) < 1e-3)
        }
    }

    /// A text's vector does not depend on what is encoded with it, nor on its place among many.
    public func doesNotDependOnTheBatch() async throws {
        var alone: [[[Float]]] = []
        for text in texts { alone.append(try await encoder.encode([text])) }
        let together = try await encoder.encode((0..<40).map { texts[$0 % texts.count] })
        for (place, vector) in together.enumerated() { #expect(alone[place % texts.count] == [vector]) }
    }

    /// A text that is too long is refused; a question is cut, and says so.
    public func refusesWhatIsTooLong() async throws {
        let text = String(repeating: "word ", count: encoder.identity.maximumTokens + 50)
        await #expect(throws: EncoderError.self) { try await encoder.encode([text]) }
        #expect(try await encoder.encode(question: text).isTruncated)
        #expect(try await encoder.encode(question: "short").isTruncated == false)
    }

    /// Tokens are additive over white space: a text has no more than its lines together.
    public func countsTokensByLine() {
        for text in texts + ["a\nb c\n\n  d(e, f)\n"] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let sum = lines.reduce(0) { $0 + encoder.tokenCount(of: $1) }
            #expect(encoder.tokenCount(of: text[...]) <= sum)
        }
    }

    /// As long as nobody changes it, it is what it says, and says the same of an empty list.
    public func staysWhatItIs() async throws {
        let identity = encoder.identity
        try await encoder.confirm()
        #expect(try await encoder.encode([]).isEmpty)
        #expect(encoder.identity == identity && !identity.fingerprint.isEmpty)
    }

    /// What is alike is near.
    public func placesLikeByLike() async throws {
        let vectors = try await encoder.encode(["parse the text file", "text file parse", "zebra banana"])
        func cosine(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(cosine(vectors[0], vectors[1]) > cosine(vectors[0], vectors[2]))
    }
}
