import Backends
import Foundation
import Hearth
import MiniLM
import SyntaxTree
import Testing

@Suite("Chunks of real languages")
struct SyntaxTreeOutlinerTests {
    private let chunker: Chunker
    private let limit = 254

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let assets = environment["HEARTH_ASSETS"] ?? data + "/hearth/assets"
        let tokenizer = try SentenceEncoder(directory: assets + "/minilm", precision: .fp32).tokenizer
        chunker = Chunker(
            outliner: SyntaxTreeOutliner(try GrammarLibrary(directory: assets + "/grammars")), limit: limit,
            tokenCount: { tokenizer.tokenCount(of: $0) })
        self.tokenizer = tokenizer
    }

    private let tokenizer: WordPieceTokenizer

    private func symbols(_ source: String, _ path: String) -> Set<String> {
        let chunks = chunker.chunks(of: Array(source.utf8), path: path, language: Language.detect(path: path, head: []))
        return Set(chunks.flatMap { ($0.symbol ?? "").split(separator: ", ").map(String.init) })
    }

    @Test(
        "declarations are named in every language",
        arguments: [
            (
                "a.swift",
                "struct Box {\n    func open() {}\n}\nextension Box: Codable {}\nfunc free() {}\nlet top = 1\n",
                ["Box", "free", "top"]
            ),
            (
                "a.py", "class Box:\n    def open(self): pass\n\ndef free(): pass\n\n@wraps\ndef decorated(): pass\n",
                ["Box", "free", "decorated"]
            ),
            (
                "a.go", "package a\n\ntype Box struct{}\n\nfunc (b *Box) Open() {}\n\nfunc Free() {}\n",
                ["Box", "Open", "Free"]
            ),
            ("a.rs", "struct Box;\nimpl Box { fn open() {} }\nfn free() {}\n", ["Box", "free"]),
            (
                "a.ts", "export class Box { open() {} }\nexport function free() {}\ninterface Shape {}\n",
                ["Box", "free", "Shape"]
            ),
            ("a.java", "class Box { void open() {} }\n", ["Box"]),
            ("a.c", "struct box { int x; };\nint open_box(struct box *b) { return b->x; }\n", ["open_box"]),
            ("a.cpp", "class Box { void open(); };\nvoid Box::open() {}\n", ["Box"]),
            ("a.rb", "class Box\n  def open\n  end\nend\n", ["Box"]),
            ("a.kt", "class Box { fun open() {} }\nfun free() {}\n", ["Box", "free"]),
        ] as [(String, String, [String])])
    func names(path: String, source: String, expected: [String]) {
        let found = symbols(source, path)
        for name in expected { #expect(found.contains(name), "\(name) not in \(found)") }
    }

    @Test("a module that is in another file is not declared by the line that names it")
    func elsewhere() {
        #expect(symbols("mod lid;\n", "a.rs").isEmpty)
        #expect(symbols("mod lid {\n    fn open() {}\n}\n", "a.rs") == ["lid"])
    }

    @Test("a large type is cut at its members, which know where they belong")
    func members() throws {
        let body = (0..<12).map { "        let value\($0) = compute(value: \($0), with: \"some text\")\n" }.joined()
        let methods = (0..<6).map { "    /// Speaks of number \($0).\n    func method\($0)() {\n\(body)    }\n\n" }
            .joined()
        let source = "struct Machine: Sendable {\n\(methods)}\n"
        let chunks = chunker.chunks(
            of: Array(source.utf8), path: "Sources/Machine.swift", language: Language(name: "swift", kind: .code))
        #expect(chunks.count >= 6)
        let third = try #require(chunks.first { $0.symbol?.contains("method3") == true })
        #expect(third.symbol == "Machine.method3")
        #expect(third.header == "Sources/Machine.swift\nstruct Machine: Sendable")
        let text = String(decoding: Array(source.utf8)[third.bytes], as: UTF8.self)
        #expect(text.contains("/// Speaks of number 3."))
    }

    @Test("the inside of a long function bears its name, and no line is taken apart")
    func bodies() throws {
        let steps = (0..<30).map { "            total += await meter.read(channel: \($0), scale: .linear)\n" }.joined()
        let source = """
            struct Meter {
                func sum() async throws -> Double {
                    try await withTaskGroup(of: Double.self) { group in
                        var total = 0.0
            \(steps)            return total
                    }
                }
            }

            """
        let chunks = chunker.chunks(
            of: Array(source.utf8), path: "Sources/Meter.swift", language: Language(name: "swift", kind: .code))
        #expect(chunks.count >= 3)
        #expect(chunks.first?.symbol == "Meter, Meter.sum")
        #expect(chunks.dropFirst().allSatisfy { $0.symbol == "Meter.sum" })
        #expect(chunks.dropFirst().allSatisfy { $0.header.hasSuffix("func sum() async throws -> Double") })
        let texts = chunks.map { String(decoding: Array(source.utf8)[$0.bytes], as: UTF8.self) }
        #expect(texts.allSatisfy { $0.hasSuffix("\n") })
        #expect(texts.allSatisfy { $0.utf8.count > 250 }, "a piece says nothing: \(texts.map(\.utf8.count))")
    }

    /// Real code of many languages: what this package is built from, and what the machine has.
    private func realFiles() -> [String] {
        let roots = [
            "/usr/include/c++", "/usr/include/linux", "/usr/lib/python3.11", "/usr/lib/python3", "/usr/share/doc",
        ]
        var files: [String] = []
        for root in [String(#filePath.split(separator: "/Tests/")[0])] + roots {
            guard let names = FileManager.default.enumerator(atPath: root) else { continue }
            var count = 0
            while let name = names.nextObject() as? String, count < 50 {
                if name.contains(".build") || name.contains(".git/") { continue }
                let language = Language.detect(path: name, head: [])
                guard language.name != "text", language.kind != .data else { continue }
                files.append(root + "/" + name)
                count += 1
            }
        }
        return files
    }

    @Test("real files are covered without a gap, and every chunk fits the encoder")
    func realCode() async throws {
        let files = realFiles()
        #expect(files.count >= 100)
        for file in files {
            // The parser computes for long; others want their turn.
            await Task.yield()
            guard let data = FileManager.default.contents(atPath: file), data.count < 200_000,
                let text = try? SourceText(Array(data), path: file)
            else { continue }
            let chunks = chunker.chunks(
                of: text.bytes, path: file, language: Language.detect(path: file, head: text.bytes))
            var end = chunks.first?.bytes.lowerBound ?? 0
            for chunk in chunks {
                #expect(chunk.bytes.lowerBound == end, "\(file)")
                end = chunk.bytes.upperBound
                let source = String(decoding: text.bytes[chunk.bytes], as: UTF8.self)
                let start = chunk.bytes.lowerBound
                if start > 0, text.bytes[start - 1] != UInt8(ascii: "\n") {
                    let line = text.bytes[
                        (text.bytes[..<start].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1..<text.bytes.count
                    ]
                    .prefix { $0 != UInt8(ascii: "\n") }
                    #expect(
                        tokenizer.tokenCount(of: String(decoding: line, as: UTF8.self)[...]) > limit / 2,
                        "\(file):\(chunk.lines) begins inside of the line \(String(decoding: line, as: UTF8.self))")
                }
                #expect(
                    tokenizer.tokenCount(of: (chunk.header + "\n" + source)[...]) <= limit, "\(file):\(chunk.lines)")
            }
            #expect(text.bytes[..<(chunks.first?.bytes.lowerBound ?? 0)].allSatisfy { $0 <= 0x20 })
            #expect(text.bytes[end...].allSatisfy { $0 <= 0x20 })
        }
    }
}
