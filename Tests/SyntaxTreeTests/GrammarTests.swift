import Foundation
import SyntaxTree
import Testing

@Suite("Syntax trees")
struct GrammarTests {
    private let library: GrammarLibrary

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        library = try GrammarLibrary(directory: (environment["HEARTH_ASSETS"] ?? data + "/hearth/assets") + "/grammars")
    }

    /// The kinds of all named nodes, and whether anything did not parse.
    private func kinds(_ source: String, _ language: String) throws -> (kinds: Set<String>, hasError: Bool) {
        let grammar = try #require(library.grammar(language))
        return try grammar.withTree(of: Array(source.utf8)) { cursor in
            var kinds: Set<String> = []
            let hasError = cursor.node.hasError
            var depth = 0
            while true {
                if cursor.node.isNamed { kinds.insert(cursor.node.kind) }
                if cursor.goToFirstChild() {
                    depth += 1
                    continue
                }
                while !cursor.goToNextSibling() {
                    guard depth > 0, cursor.goToParent() else { return (kinds, hasError) }
                    depth -= 1
                }
            }
        }
    }

    @Test(
        "every language at hand parses a program of its own",
        arguments: [
            ("swift", "struct A { func f() -> Int { 1 } }", "function_declaration"),
            ("python", "class A:\n    def f(self):\n        return 1\n", "function_definition"),
            ("go", "package a\nfunc F() int { return 1 }\n", "function_declaration"),
            ("rust", "impl A { fn f() -> i32 { 1 } }", "function_item"),
            ("typescript", "class A { f(): number { return 1 } }", "method_definition"),
            ("tsx", "const A = () => <div/>;", "arrow_function"),
            ("javascript", "function f() { return 1 }", "function_declaration"),
            ("java", "class A { int f() { return 1; } }", "method_declaration"),
            ("kotlin", "fun f(): Int = 1", "function_declaration"),
            ("c", "int f(void) { return 1; }", "function_definition"),
            ("cpp", "namespace n { int f() { return 1; } }", "function_definition"),
            ("c_sharp", "class A { int F() { return 1; } }", "method_declaration"),
            ("ruby", "def f\n  1\nend\n", "method"),
            ("php", "<?php function f() { return 1; }", "function_definition"),
            ("bash", "f() { echo 1; }", "function_definition"),
            ("scala", "def f: Int = 1", "function_definition"),
            ("json", "{\"a\": 1}", "pair"), ("yaml", "a: 1\n", "block_mapping_pair"), ("toml", "[a]\nb = 1\n", "table"),
            ("css", "a { color: red }", "rule_set"), ("html", "<p>x</p>", "element"),
            ("haskell", "f = 1\n", "function"),
            ("sql", "CREATE TABLE a (b INT);", "create_table_statement"),
        ])
    func parses(language: String, source: String, expected: String) throws {
        let result = try kinds(source, language)
        #expect(!result.hasError)
        #expect(!result.kinds.isEmpty)
        let isKnown =
            result.kinds.contains(expected) || result.kinds.contains { $0.contains(expected.split(separator: "_")[0]) }
        #expect(isKnown, "\(result.kinds.sorted())")
    }

    @Test("an unknown language has no grammar", arguments: ["klingon", "", "../../etc/passwd", "swift; rm"])
    func unknown(language: String) {
        #expect(library.grammar(language) == nil)
    }

    @Test("any bytes parse, or are refused in time", arguments: 0..<12)
    func hostile(seed: Int) throws {
        let sources = [
            String(repeating: "(", count: 200_000), String(repeating: "{[(", count: 60_000),
            String(repeating: "a.", count: 100_000),
            String(repeating: "\"\\(", count: 40_000), String(repeating: "// x\n", count: 40_000), "\u{0}\u{1}\u{2}",
        ]
        let grammar = try #require(library.grammar(seed % 2 == 0 ? "swift" : "python"))
        let source = Array(sources[seed / 2].utf8)
        let started = ContinuousClock.now
        _ = try? grammar.withTree(of: source, timeout: .seconds(1)) { cursor in cursor.node.bytes.count }
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test("a source above the limit is refused")
    func tooLarge() throws {
        let grammar = try #require(library.grammar("swift"))
        let error = #expect(throws: SyntaxTreeError.self) {
            try grammar.withTree(of: [UInt8](repeating: 0x20, count: Grammar.maximumBytes + 1)) { _ in }
        }
        #expect(error?.code == .tooLarge)
    }

    @Test("many threads parse side by side")
    func concurrent() async throws {
        let library = library
        let source = Array(String(repeating: "def f(x):\n    return x + 1\n\n", count: 300).utf8)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let grammar = try #require(library.grammar("python"))
                    return try grammar.withTree(of: source) { cursor in cursor.node.bytes.count }
                }
            }
            for try await count in group { #expect(count == source.count) }
        }
    }

    @Test("missing grammars say what to do")
    func missing() {
        let error = #expect(throws: SyntaxTreeError.self) { try GrammarLibrary(directory: "/nonexistent") }
        #expect(error?.code == .assetsMissing && error?.description.contains("make setup") == true)
    }
}
