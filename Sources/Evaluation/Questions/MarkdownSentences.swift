/// The sentences of a Markdown text with the links in them.
struct MarkdownSentences {
    /// Text and links in their order.
    enum Part: Hashable {
        case text(String)
        case link(MarkdownLink)
    }

    let parts: [Part]

    var links: [MarkdownLink] { parts.compactMap { if case .link(let link) = $0 { link } else { nil } } }

    /// What the sentence says, without markup. A link's label that is a path or the file's name says too much.
    func text(naming targets: Set<String>) -> String {
        let names = Set(
            targets.flatMap { path in
                let file = path.split(separator: "/").last.map(String.init) ?? path
                return [file.lowercased(), String(file.prefix { $0 != "." }).lowercased()]
            })
        let words = parts.flatMap { part -> [Substring] in
            switch part {
            case .text(let text): text.split(whereSeparator: \.isWhitespace)
            case .link(let link): link.label.contains("/") ? [] : link.label.split(whereSeparator: \.isWhitespace)
            }
        }
        let plain = words.map { $0.filter { !"`*_[]|<>#".contains($0) } }
        let kept = plain.filter { word in
            let bare = word.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
            let trimmed = bare.hasSuffix(".") ? String(bare.dropLast()) : bare
            return word.contains { $0.isLetter } && !word.contains("/") && !names.contains(trimmed)
        }
        return kept.joined(separator: " ")
    }

    /// All sentences outside of code blocks.
    static func all(in text: String) -> [MarkdownSentences] { paragraphs(text).flatMap(sentences) }

    /// Blank lines, list items, headings and table rows begin a new one.
    private static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [String] = []
        var isFenced = false
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.trimmed()
            if content.hasPrefix("```") || content.hasPrefix("~~~") {
                isFenced.toggle()
                isOpen = false
                continue
            }
            guard !isFenced, !content.isEmpty else {
                isOpen = false
                continue
            }
            let begins =
                ["- ", "* ", "+ ", "#", "|", ">"].contains { content.hasPrefix($0) } || content.first?.isNumber == true
            let body = begins ? content.drop { "-*+#|> ".contains($0) } : content
            if isOpen, !begins {
                paragraphs[paragraphs.count - 1] += " " + body
            } else {
                paragraphs.append(String(body))
            }
            isOpen = !content.hasPrefix("#") && !content.hasPrefix("|")
        }
        return paragraphs
    }

    private static func sentences(_ paragraph: String) -> [MarkdownSentences] {
        var sentences: [[Part]] = [[]]
        for part in parts(paragraph[...]) {
            guard case .text(let text) = part else {
                sentences[sentences.count - 1].append(part)
                continue
            }
            for (offset, piece) in text.split(separator: ". ", omittingEmptySubsequences: false).enumerated() {
                if offset > 0 { sentences.append([]) }
                sentences[sentences.count - 1].append(.text(String(piece)))
            }
        }
        return sentences.map { MarkdownSentences(parts: $0) }
    }

    private static func parts(_ text: Substring) -> [Part] {
        var parts: [Part] = []
        var rest = text
        while let middle = rest.firstRange(of: "](") {
            guard let open = rest[..<middle.lowerBound].lastIndex(of: "["),
                let close = rest[middle.upperBound...].firstIndex(of: ")")
            else { break }
            let isImage = open > rest.startIndex && rest[rest.index(before: open)] == "!"
            parts.append(.text(String(rest[..<open])))
            let label = String(rest[rest.index(after: open)..<middle.lowerBound])
            if !isImage { parts.append(.link(.init(label: label, target: String(rest[middle.upperBound..<close])))) }
            rest = rest[rest.index(after: close)...]
        }
        return parts + [.text(String(rest))]
    }
}
