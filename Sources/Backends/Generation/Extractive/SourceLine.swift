/// A line of a passage and what can be seen of it without a parser.
struct SourceLine: Sendable, Hashable {
    let text: Substring
    /// The name of the declaration that begins here, in most languages.
    let declares: Substring?
    let isComment: Bool
    /// Says nothing by itself: an import, or an attribute of the next line.
    let isPreamble: Bool
    let indent: Int

    var isBlank: Bool { indent == text.utf8.count }

    init(_ text: Substring) {
        self.text = text
        indent = text.utf8.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
        let content = Substring(text.utf8.dropFirst(indent))
        isComment = Self.commentStarts.contains { content.hasPrefix($0) }
        isPreamble = Self.preambles.contains { content.hasPrefix($0) }
        declares = isComment ? nil : Self.declaration(in: content, isIndented: indent > 0)
    }

    private static let commentStarts = ["//", "#!", "# ", "/*", "*/", "* ", "--", "\"\"\"", "'''", "<!--", ";;"]

    private static let preambles = [
        "import ", "public import ", "package import ", "from ", "#include", "using ", "use ", "require", "package ",
        "@",
    ]

    private static let keywords: Set<Substring> = [
        "func", "def", "class", "struct", "enum", "protocol", "actor", "extension", "interface", "trait", "impl", "fn",
        "type", "typealias", "function", "module", "namespace", "record", "object", "union", "macro", "init", "fun",
        "sub", "proc", "defmodule", "defp", "CREATE", "#define",
    ]
    private static let variableKeywords: Set<Substring> = ["let", "var", "val", "const"]
    private static let modifiers: Set<Substring> = [
        "public", "private", "internal", "package", "fileprivate", "open", "final", "static", "override", "async",
        "mutating", "consuming", "borrowing", "nonisolated", "indirect", "export", "default", "abstract", "protected",
        "pub", "unsafe", "inline", "virtual", "const", "extern", "required", "convenience", "sealed", "data", "suspend",
        "lazy", "weak", "partial", "readonly", "declare", "local",
    ]

    /// - Parameter content: the line from its first letter on.
    private static func declaration(in content: Substring, isIndented: Bool) -> Substring? {
        var isModified = !isIndented
        var words = content.prefix(160).split(separator: " ", omittingEmptySubsequences: true)[...]
        while let word = words.first {
            if let name = words.dropFirst().first {
                if keywords.contains(word) { return identifier(name) }
                // A variable within a function is none of the names that one asks for.
                if variableKeywords.contains(word), isModified { return identifier(name) }
            }
            if word.hasPrefix("init(") || word.hasPrefix("init?(") { return "init" }
            guard modifiers.contains(word) || word.hasPrefix("@") || word.hasPrefix("pub(") else { return nil }
            isModified = true
            words.removeFirst()
        }
        return nil
    }

    private static func identifier(_ text: Substring) -> Substring? {
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return name.isEmpty ? nil : name
    }
}
