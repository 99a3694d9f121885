import Foundation
import MiniLM
import Testing

@Suite("WordPiece")
struct WordPieceTests {
    private struct Line: Decodable {
        let text: String
        let ids: [Int32]
    }

    private let tokenizer: WordPieceTokenizer

    init() throws { tokenizer = try Assets.encoder(.fp32).tokenizer }

    @Test(
        "the ids are those of Hugging Face's tokenizers",
        .enabled(if: Assets.reference != nil, "needs scripts/minilm-reference"))
    func sameIDs() throws {
        let lines = try Assets.lines(Line.self, of: "lines.jsonl")
        #expect(lines.count >= 10_000)
        let wrong = lines.filter { tokenizer.tokenIDs($0.text) != $0.ids }
        #expect(
            wrong.isEmpty,
            "\(wrong.count) differ, for example \(wrong.prefix(5).map { ($0.text.debugDescription, $0.ids, tokenizer.tokenIDs($0.text)) })"
        )
    }

    @Test(
        "known words, pieces, accents and case",
        arguments: [
            ("hello world", [7592, 2088]), ("Hello, WORLD!", [7592, 1010, 2088, 999]), ("naïve", [15743]), ("", []),
            (" \n\t", []),
            ("中文", [1746, 1861]), ("[MASK]", [103]),
        ] as [(String, [Int32])])
    func known(text: String, ids: [Int32]) {
        #expect(tokenizer.tokenIDs(text) == ids)
        #expect(tokenizer.encode(text) == [101] + ids + [102])
    }

    @Test("a word of more than a hundred letters is unknown")
    func longWords() {
        #expect(tokenizer.tokenIDs(String(repeating: "x", count: 101)) == [100])
        #expect(tokenizer.tokenIDs(String(repeating: "x", count: 100)) != [100])
    }

    @Test("counts add up over white space", .enabled(if: Assets.reference != nil, "needs scripts/minilm-reference"))
    func additive() throws {
        let lines = try Assets.lines(Line.self, of: "lines.jsonl").prefix(2_000)
        for (left, right) in zip(lines, lines.dropFirst()) {
            let sum = tokenizer.tokenCount(of: left.text[...]) + tokenizer.tokenCount(of: right.text[...])
            #expect(tokenizer.tokenCount(of: (left.text + "\n" + right.text)[...]) == sum)
        }
    }
}
