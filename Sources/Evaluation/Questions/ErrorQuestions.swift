import Hearth

/// The text of an error as the question, the line that raises or logs it as the answer.
public struct ErrorQuestions: QuestionMaker {
    private static let fewestWords = 3
    /// What raises or reports, right before a literal.
    private static let marks = [
        "throw ", "raise ", "panic(", "panic!(", "fatalError(", "preconditionFailure(", "precondition(", "errors.New(",
        "Errorf(", "bail!(", "anyhow!(", "Err(", "unreachable!(", "expect(", "Error(", "Exception(", "Failure(", "die(",
        "die ", "croak(", "abort(", "rror(", "arning(", "warn(", "Warn(", "critical(", "fatal(", "Fatal(", "Fatalf(",
        "error!(", "warn!(", "perror(", "stderr", "errx(", "err(", "warnx(", "abort_", "rrorf(", "Warnf(",
    ].map { Array($0.utf8) }

    public init() {}

    public func questions(in corpus: Corpus) -> QuestionHarvest {
        var harvest = QuestionHarvest()
        for file in corpus.code where !file.outline.isEmpty {
            for literal in StringLiterals(file).all() where literal.content.count >= 12 && isRaised(literal, in: file) {
                let text = Self.message(file.text(literal.content))
                guard QuestionText.contentWords(text).count >= Self.fewestWords, text.contains(" ") else {
                    harvest.leaveOut(.error, because: "fewer than three words")
                    continue
                }
                harvest.questions.append(
                    EvaluationQuestion(
                        kind: .error, text: text,
                        targets: [.init(path: file.path, lines: file.lines(of: literal.whole))]))
            }
        }
        harvest.leaveOutDuplicates()
        return harvest
    }

    /// Whether the statement up to the literal raises something. Where the literal begins a line, the two lines before it
    /// belong to the statement.
    private func isRaised(_ literal: StringLiterals.Literal, in file: SourceFile) -> Bool {
        let line = file.line(at: literal.whole.lowerBound)
        var start = file.start(ofLine: line)
        let isFirst = file.bytes[start..<literal.whole.lowerBound].allSatisfy { $0 <= UInt8(ascii: " ") }
        if isFirst { start = file.start(ofLine: line - 2) }
        var head = file.bytes[start..<literal.whole.lowerBound]
        // What stands before the end of another statement is not about this one.
        if let end = head.lastIndex(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "}") }) {
            head = head[(end + 1)...]
        }
        return Self.marks.contains { !head.isEmpty && head.contains($0) }
    }

    /// What a person would see of a literal: without escapes, and without what is filled in.
    static func message(_ literal: String) -> String {
        var text = ""
        var rest = Substring(literal)
        while let character = rest.first {
            if rest.hasPrefix("\\(") || rest.hasPrefix("${") || rest.hasPrefix("#{") {
                rest = dropBracketed(rest.dropFirst())
                text += " "
            } else if character == "{" {
                rest = dropBracketed(rest)
                text += " "
            } else if character == "\\" {
                rest = rest.dropFirst(2)
                text += " "
            } else if character == "%" {
                let flags = rest.dropFirst().drop { "0123456789.-+#lhzq*'".contains($0) }
                let isName = flags.first == "("
                rest = isName ? dropBracketed(flags).dropFirst() : flags.dropFirst()
                text += " "
            } else {
                text.append(character)
                rest = rest.dropFirst()
            }
        }
        return QuestionText.squeezed(text)
    }

    /// What follows the bracket that the text begins with and all inside of it.
    private static func dropBracketed(_ text: Substring) -> Substring {
        var depth = 0
        for index in text.indices {
            if "({".contains(text[index]) { depth += 1 }
            if ")}".contains(text[index]) { depth -= 1 }
            if depth == 0 { return text[text.index(after: index)...] }
        }
        return ""
    }
}
