import OpenAI

/// Reads the plain part of YAML: mappings, lists, texts, comments.
///
/// Known: block mappings and lists by indentation with blanks, lists in brackets (`[a, "b"]`), plain texts and texts in
/// single or double quotes on one line, `true` and `false`, comments. Numbers are texts. Everything else of YAML (anchors, tags,
/// texts of several lines, several documents, tabs) is refused with the number of its line, never guessed.
enum PlainYAML {
    /// - Throws: ``VerifyError`` `invalidFile`.
    static func value(of text: String) throws -> JSONValue {
        var lines = try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            try Line($0.element, number: $0.offset + 1)
        }[...]
        guard let first = lines.first else { throw VerifyError(.invalidFile, "The file is empty.") }
        let value = try block(&lines, indent: first.indent)
        if let rest = lines.first { throw rest.fault("is indented otherwise than the lines above") }
        return value
    }

    private struct Line {
        let number: Int
        var indent: Int
        var text: Substring

        /// `nil` for a line without content.
        init?(_ raw: Substring, number: Int) throws {
            self.number = number
            let line = raw.last == "\r" ? raw.dropLast() : raw
            indent = line.prefix { $0 == " " }.count
            text = PlainYAML.withoutComment(line.dropFirst(indent))
            if text.isEmpty || (number == 1 && text == "---") { return nil }
            if text.first == "\t" { throw fault("begins with a tab; indent with blanks") }
            if text == "---" || text == "..." { throw fault("begins another document; one is read") }
        }

        func fault(_ what: String) -> VerifyError { VerifyError(.invalidFile, "Line \(number) \(what).") }

        var isItem: Bool { text == "-" || text.hasPrefix("- ") }
    }

    private static func block(_ lines: inout ArraySlice<Line>, indent: Int) throws -> JSONValue {
        guard let first = lines.first else { return .null }
        return first.isItem ? try list(&lines, indent: indent) : try mapping(&lines, indent: indent)
    }

    private static func list(_ lines: inout ArraySlice<Line>, indent: Int) throws -> JSONValue {
        var values: [JSONValue] = []
        while var line = lines.first, line.indent == indent, line.isItem {
            let rest = line.text.dropFirst().drop { $0 == " " }
            if rest.isEmpty {
                lines.removeFirst()
                guard let next = lines.first, next.indent > indent else {
                    throw line.fault("is a list item without content")
                }
                values.append(try block(&lines, indent: next.indent))
            } else if key(of: rest) != nil {
                // `- key: value` begins a mapping whose indentation is that of the key.
                line.indent += line.text.count - rest.count
                line.text = rest
                lines[lines.startIndex] = line
                values.append(try mapping(&lines, indent: line.indent))
            } else {
                lines.removeFirst()
                values.append(try scalar(rest, line))
            }
        }
        return .array(values)
    }

    private static func mapping(_ lines: inout ArraySlice<Line>, indent: Int) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        while let line = lines.first, line.indent == indent, !line.isItem {
            guard let (name, rest) = key(of: line.text) else { throw line.fault("has no 'key: value'") }
            guard members[name] == nil else { throw line.fault("has the key '\(name)' a second time") }
            lines.removeFirst()
            if !rest.isEmpty {
                members[name] = try scalar(rest, line)
            } else if let next = lines.first, next.indent > indent || (next.indent == indent && next.isItem) {
                members[name] = try block(&lines, indent: next.indent)
            } else {
                members[name] = .null
            }
        }
        return .object(members)
    }

    private static func key(of text: Substring) -> (String, Substring)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = text[..<colon]
        let rest = text[text.index(after: colon)...]
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }),
            rest.isEmpty || rest.first == " "
        else { return nil }
        return (String(name), rest.drop { $0 == " " })
    }

    private static func scalar(_ text: Substring, _ line: Line) throws -> JSONValue {
        if text.first == "[" { return .array(try flow(text, line)) }
        if let first = text.first, "&*!|>{%@`?".contains(first) {
            throw line.fault("begins with '\(first)', which is not read; put the text in quotes")
        }
        if text == "true" { return .bool(true) }
        if text == "false" { return .bool(false) }
        guard text.first == "\"" || text.first == "'" else { return .string(String(text)) }
        let (value, rest) = try quoted(text, line)
        guard rest.allSatisfy({ $0 == " " }) else { throw line.fault("goes on behind a quoted text") }
        return .string(value)
    }

    private static func flow(_ text: Substring, _ line: Line) throws -> [JSONValue] {
        var values: [JSONValue] = []
        var rest = text.dropFirst().drop { $0 == " " }
        while rest.first != "]" {
            if rest.first == "\"" || rest.first == "'" {
                let (value, behind) = try quoted(rest, line)
                values.append(.string(value))
                rest = behind
            } else {
                let plain = rest.prefix { $0 != "," && $0 != "]" }
                var trimmed = plain
                while trimmed.last == " " { trimmed.removeLast() }
                guard !trimmed.isEmpty else { throw line.fault("has a list with an empty place, or without its ']'") }
                values.append(try scalar(trimmed, line))
                rest = rest.dropFirst(plain.count)
            }
            rest = rest.drop { $0 == " " }
            if rest.first == "," {
                rest = rest.dropFirst().drop { $0 == " " }
            } else if rest.first != "]" {
                throw line.fault("has a list without its ']'")
            }
        }
        guard rest.dropFirst().allSatisfy({ $0 == " " }) else { throw line.fault("goes on behind a list") }
        return values
    }

    private static func quoted(_ text: Substring, _ line: Line) throws -> (String, Substring) {
        let mark: Character = text.first ?? "\""
        var value = ""
        var rest = text.dropFirst()
        while let letter = rest.popFirst() {
            if letter == mark {
                guard mark == "'", rest.first == "'" else { return (value, rest) }
                value.append("'")
                rest.removeFirst()
            } else if letter == "\\", mark == "\"" {
                let escapes: [Character: Character] = ["n": "\n", "t": "\t", "\"": "\"", "\\": "\\", "/": "/"]
                guard let next = rest.popFirst(), let escaped = escapes[next] else {
                    throw line.fault("has an escape that is not read; known are \\n, \\t, \\\" and \\\\")
                }
                value.append(escaped)
            } else {
                value.append(letter)
            }
        }
        throw line.fault("has a quoted text without its end")
    }

    /// A `#` outside quotes, at the beginning or behind a blank, begins a comment.
    private static func withoutComment(_ text: Substring) -> Substring {
        var mark: Character?
        var before: Character = " "
        var end = text.endIndex
        for index in text.indices {
            let letter = text[index]
            if let open = mark {
                if letter == open, !(open == "\"" && before == "\\") { mark = nil }
            } else if letter == "#", before == " " {
                end = index
                break
            } else if letter == "\"" || letter == "'", " [,:".contains(before) {
                mark = letter
            }
            before = letter
        }
        var kept = text[..<end]
        while kept.last == " " { kept.removeLast() }
        return kept
    }
}
