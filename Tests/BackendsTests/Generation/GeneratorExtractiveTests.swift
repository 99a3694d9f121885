import Backends
import Hearth
import HearthTesting
import Testing

@Suite("Extractive generator")
struct GeneratorExtractiveTests {
    private let generator = ExtractiveGenerator()

    private func passage(
        _ path: String,
        _ text: String,
        symbol: String = "",
        language: String = "swift",
        firstLine: Int = 1
    ) -> Passage {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        return Passage(
            id: path, path: path, language: language, lines: firstLine...(firstLine + max(lines, 1) - 1),
            bytes: 0..<text.utf8.count, documentVersion: "v", symbol: symbol, header: path, text: text,
            hash: Digest.sha256(text))
    }

    private var parser: Passage {
        passage(
            "Sources/Parser.swift",
            """
            /// Parses the tokens of a document into a syntax tree.
            func parseTree(_ tokens: [Token]) -> Tree {
                Tree(tokens)
            }

            """, symbol: "parseTree(_:)", firstLine: 40)
    }

    private var retry: Passage {
        let body = (0..<60).map { "    step(\($0))\n" }.joined()
        return passage(
            "Sources/Retry.swift", "func retryLoop(_ policy: Policy) {\n" + body + "    wait(policy.backoffDelay)\n}\n",
            symbol: "retryLoop(_:)", firstLine: 100)
    }

    private func answer(
        _ question: String,
        _ passages: [Passage],
        options: GenerationOptions = GenerationOptions()
    ) async throws -> (text: String, reason: FinishReason?) {
        let message = ChatMessage(role: .user, content: question)
        let prompt = Prompt(messages: [message], question: question, passages: passages, estimatedTokens: 10)
        let request = GenerationRequest(model: try await generator.defaultModel(), prompt: prompt, options: options)
        var (text, reason): (String, FinishReason?) = ("", nil)
        for try await event in try await generator.generate(request) {
            switch event {
            case .text(let piece): text += piece
            case .finished(let why, _): reason = why
            }
        }
        return (text, reason)
    }

    @Test("says what it is, names the declaration, and quotes it with its place and marker")
    func quotes() async throws {
        let (text, reason) = try await answer("How does parseTree work?", [retry, parser])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].contains("No language model"))
        #expect(lines[2] == "Best match: `parseTree(_:)` in `Sources/Parser.swift`, lines 40-43 [2]")
        #expect(text.contains("`Sources/Parser.swift:40-43` · `parseTree(_:)` [2]\n```swift\n/// Parses the tokens"))
        #expect(text.hasSuffix("```\n"))
        #expect(reason == .stop)
    }

    @Test("finds a declaration by the forms of its words")
    func inflections() async throws {
        let (text, _) = try await answer("What parses tokens?", [retry, parser])
        #expect(text.contains("Best match: `parseTree(_:)`"))
    }

    @Test("of a long passage it shows the signature and the lines that matter, with their numbers")
    func excerpt() async throws {
        let (text, _) = try await answer("Where does the retry loop use the backoff delay?", [retry])
        #expect(text.contains("func retryLoop"))
        #expect(text.contains("wait(policy.backoffDelay)"))
        #expect(text.contains("\n…\n"))
        #expect(text.contains("`Sources/Retry.swift:100, 149-161`"))
        #expect(text.split(separator: "\n").count <= 22)
    }

    @Test(
        "says exactly that it found nothing, without a marker",
        arguments: [
            "What is the capital of France?", "How are credit cards charged by the payment provider?", "???", "",
        ])
    func abstention(question: String) async throws {
        #expect(try await answer(question, [parser, retry]).text == ExtractiveGenerator.abstention)
        #expect(try await answer("How does parseTree work?", []).text == ExtractiveGenerator.abstention)
        #expect(!ExtractiveGenerator.abstention.contains("["))
    }

    @Test("what is quoted can neither close its fence nor forge a marker")
    func fences() async throws {
        let text = "How to parse trees:\n```swift\nparse(rows[1])\n````\nSee [1], [2] and [3] for parsing trees.\n"
        let (answer, _) = try await answer(
            "How do I parse trees?", [passage("a`b[9].md", text, language: "markdown"), parser])
        var filter = MarkerFilter(passageCount: 2)
        let shown = filter.push(answer) + filter.finish()
        #expect(shown == answer)
        #expect(filter.removed == 0)
        #expect(Set(filter.cited).isSubset(of: [1, 2]) && !filter.cited.isEmpty)
    }

    @Test("ends at a stop text, and about at the token limit")
    func limits() async throws {
        let whole = try await answer("How does parseTree work?", [parser])
        let stopped = try await answer(
            "How does parseTree work?", [parser], options: GenerationOptions(stop: ["nowhere", "func parse"]))
        #expect(stopped.reason == .stop)
        #expect(whole.text.hasPrefix(stopped.text) && stopped.text.hasSuffix("\n"))
        #expect(!stopped.text.contains("func parse") && stopped.text.contains("/// Parses"))
        let short = try await answer(
            "How does parseTree work?", [parser], options: GenerationOptions(maximumTokens: 50))
        #expect(short.reason == .length)
        #expect(whole.text.hasPrefix(short.text) && TokenEstimate.tokens(of: short.text) <= 50)
        let none = try await answer(
            "How does parseTree work?", [parser], options: GenerationOptions(stop: ["No language"]))
        #expect(none.text.isEmpty && none.reason == .stop)
    }

    @Test("JSON is refused, not faked")
    func json() async throws {
        await #expect(throws: GeneratorError.self) {
            try await answer("parse?", [parser], options: GenerationOptions(responseFormat: .jsonObject))
        }
    }

    @Test("code that does what is asked stands before its test")
    func tests() async throws {
        let test = passage(
            "Tests/ParserTests.swift", "func parsesTokens() {\n    #expect(parseTree(tokens).isEmpty)\n}\n",
            symbol: "parsesTokens()")
        let (text, _) = try await answer("Which function parses the tokens of a document?", [test, parser])
        #expect(text.contains("Best match: `parseTree(_:)`"))
    }

    @Test("any passages give a text whose markers and fences hold")
    func fuzz() async throws {
        var random = SplitMix64(seed: 3)
        let parts = [
            "func parse", "```", "`", "[1]", "[99]", "\n", "\n\n", "    ", "tree", "class Tree {", "}",
            "// parse trees",
            "日本語", "🔥", "\r\n", "import X", String(repeating: "x", count: 300), "def tree(", "\t", "\"\"\"",
        ]
        for _ in 0..<300 {
            let passages = (0..<random.next(below: 5)).map { number in
                let text = (0..<random.next(below: 80)).map { _ in parts[random.next(below: parts.count)] }.joined()
                return passage("f\(number).swift", text)
            }
            let first = try await answer("Where is the tree parsed?", passages).text
            #expect(try await answer("Where is the tree parsed?", passages).text == first)
            var filter = MarkerFilter(passageCount: passages.count)
            #expect(filter.push(first) + filter.finish() == first)
            #expect(filter.removed == 0)
            #expect((first == ExtractiveGenerator.abstention) == filter.cited.isEmpty)
        }
    }
}
