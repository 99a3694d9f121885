import Foundation
import MiniLM
import Testing

@Suite("Sentence encoder")
struct SentenceEncoderTests {
    private struct Reference: Decodable {
        let text: String
        let vector: [Double]
    }

    private let texts = [
        "func parse(_ text: String) -> Tree { text.split(separator: \" \") }",
        "How are secrets masked before they are stored?",
        "", "x", String(repeating: "the quick brown fox ", count: 60), "class Renderer:\n    def draw(self): pass",
        "日本語のテキスト 🔥 naïve", String(repeating: "let value = 42\n", count: 30),
    ]

    private static var precisions: [SentenceEncoder.Precision] {
        Assets.hasBF16 ? [.fp32, .bf16, .int8] : [.fp32, .int8]
    }

    private func cosine(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test(
        "every vector agrees with an independent implementation",
        .enabled(if: Assets.reference != nil, "needs scripts/minilm-reference"), arguments: precisions)
    func accuracy(precision: SentenceEncoder.Precision) throws {
        let references = try Assets.lines(Reference.self, of: "vectors.jsonl")
        #expect(references.count == 1_000)
        let encoder = try Assets.encoder(precision)
        let embeddings = try encoder.encode(references.map(\.text))
        let cosines = zip(embeddings, references).map { cosine($0.vector, $1.vector.map { Float($0) }) }
        let (least, mean) = (try #require(cosines.min()), cosines.reduce(0, +) / Double(cosines.count))
        switch precision {
        case .fp32: #expect(least >= 0.99999)
        case .bf16: #expect(least >= 0.999)
        case .int8: #expect(least >= 0.98 && mean >= 0.996)
        }
    }

    @Test("a text's vector is the same bits alone and in any batch", arguments: precisions)
    func batchInvariant(precision: SentenceEncoder.Precision) throws {
        let encoder = try Assets.encoder(precision)
        let alone = try texts.map { try encoder.encode([$0], overlength: .truncate)[0].vector }
        var order = Array(texts.indices)
        for round in 0..<4 {
            let together = try encoder.encode(order.map { texts[$0] }, overlength: .truncate)
            for (place, index) in order.enumerated() { #expect(together[place].vector == alone[index]) }
            order = order.reversed().map { ($0 + round) % texts.count } + [0, 3]
        }
    }

    @Test("meaning decides: like is nearer to like", arguments: precisions)
    func meaning(precision: SentenceEncoder.Precision) throws {
        let encoder = try Assets.encoder(precision)
        let vectors = try encoder.encode([
            "How do I read a file in Python?", "open a file and read its contents", "The weather in Paris is sunny",
        ]).map(\.vector)
        #expect(cosine(vectors[0], vectors[1]) > 0.6)
        #expect(cosine(vectors[0], vectors[2]) < 0.2)
        for vector in vectors { #expect(abs(cosine(vector, vector) - 1) < 1e-5) }
    }

    @Test("a text that is too long is refused, or cut with notice")
    func tooLong() throws {
        let encoder = try Assets.encoder(nil)
        let long = String(repeating: "word ", count: 300)
        let error = #expect(throws: MiniLMError.self) { try encoder.encode(["short", long]) }
        #expect(error?.code == .tooLong)
        let cut = try encoder.encode([long], overlength: .truncate)[0]
        #expect(cut.isTruncated && cut.tokenCount == 302)
        let exact = String(repeating: "word ", count: 254)
        #expect(try encoder.encode([exact])[0].isTruncated == false)
    }

    @Test("no texts give no vectors")
    func nothing() throws {
        #expect(try Assets.encoder(nil).encode([]).isEmpty)
    }

    @Test("streams side by side give what one gives")
    func concurrent() async throws {
        let encoder = try Assets.encoder(nil)
        let texts = texts
        let expected = try encoder.encode(texts, overlength: .truncate)
        try await withThrowingTaskGroup(of: [SentenceEmbedding].self) { group in
            for _ in 0..<8 { group.addTask { try encoder.encode(texts, overlength: .truncate) } }
            for try await result in group { #expect(result == expected) }
        }
    }

    @Test("missing files say what to do")
    func missing() {
        let error = #expect(throws: MiniLMError.self) { try SentenceEncoder(directory: "/nonexistent") }
        #expect(error?.code == .assetsMissing && error?.description.contains("make setup") == true)
    }
}
