import Hearth
import LocalIndex
import Testing

@Suite("Splitting text into terms")
struct TermSplitterTests {
    @Test(
        "identifiers are terms as a whole and in parts",
        arguments: [
            ("parseHeader", ["parseheader", "parse", "header"]),
            ("ParseHeader", ["parseheader", "parse", "header"]),
            ("parse_header", ["parseheader", "parse", "header"]),
            ("PARSE_HEADER", ["parseheader", "parse", "header"]),
            ("__parse__header__", ["parseheader", "parse", "header"]),
            ("HTTPServer", ["httpserver", "http", "server"]),
            ("parseHTTP2Frame", ["parsehttp2frame", "parse", "http", "frame"]),
            ("sha256", ["sha256", "sha", "256"]),
            ("simple", ["simple"]),
            ("x", []),
            ("x1", ["x1"]),
            ("404", ["404"]),
            ("a.b->c(d)", []),
            ("", []),
            ("_ __ ___", []),
            ("tokens", ["token"]),
            ("retries retry keys key copies copy", ["retr", "retr", "key", "key", "cop", "cop"]),
            ("classes status this boxes", ["class", "status", "this", "box"]),
            ("file/Path+Name.swift", ["file", "path", "name", "swift"]),
        ]
    )
    func identifiers(text: String, expected: [String]) {
        #expect(TermSplitter.terms(in: text) == expected)
    }

    @Test(
        "other scripts are lowercased words, or pairs of ideographs",
        arguments: [
            ("Größe", ["größe"]),
            ("ПРИВЕТ мир", ["привет", "мир"]),
            ("検索エンジン", ["検索", "索エ", "エン", "ンジ", "ジン"]),
            ("字", ["字"]),
            ("parse検索", ["parse", "検索"]),
            ("🙂🙂 ok", ["ok"]),
            ("a\u{0}bc", ["bc"]),
        ]
    )
    func otherScripts(text: String, expected: [String]) {
        #expect(TermSplitter.terms(in: text) == expected)
    }

    @Test("words that are too long to be asked for are left out")
    func longWords() {
        #expect(TermSplitter.terms(in: String(repeating: "a", count: 64)).count == 1)
        #expect(TermSplitter.terms(in: String(repeating: "a", count: 65)).isEmpty)
        #expect(TermSplitter.terms(in: String(repeating: "aB", count: 1000)).isEmpty)
        #expect(TermSplitter.terms(in: "before " + String(repeating: "x", count: 100_000) + " after").count == 2)
    }

    @Test("any bytes are split without reading past them, into terms of letters and digits")
    func anyBytes() {
        var generator = SplitMix64(seed: 3)
        let alphabet = Array("aB3_ é检ß\u{301}🙂\u{0}\"".utf8) + [0xFF, 0xC3, 0xE6, 0xF0]
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<60, using: &generator)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            var isRight = true
            bytes.withUnsafeBufferPointer { bytes in
                TermSplitter.forEachTerm(in: bytes) { term, _, word in
                    isRight = isRight && (1...64).contains(term.count) && !term.contains(0x22) && !term.contains(0)
                    isRight = isRight && word.lowerBound >= 0 && word.upperBound <= bytes.count
                    return true
                }
            }
            #expect(isRight, "\(bytes)")
        }
    }

    @Test("an identifier that is split by hand gives no terms beyond those of the identifier")
    func partsAreTerms() {
        for name in ["decodeFrameHeader", "max_retry_count", "IndexOfFirstMatch"] {
            let terms = Set(TermSplitter.terms(in: name))
            let parts = name.replacing("_", with: " ")
                .reduce(into: "") { $0 += $1.isUppercase ? " \($1)" : String($1) }
            #expect(Set(TermSplitter.terms(in: parts)).isSubset(of: terms))
        }
    }
}
