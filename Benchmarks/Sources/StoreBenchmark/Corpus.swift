import Foundation

/// Real text to make conversations of: the paragraphs and the code of a folder of source packages.
struct Corpus: Sendable {
    /// Paragraphs of Markdown files and of doc comments, each once.
    let prose: [String]
    /// The lines of code of all Swift files, one file behind the other, without whole-line comments.
    let code: [String]

    /// - Throws: an error if the folder has too little for conversations that do not repeat themselves.
    init(folder: String) throws {
        var (prose, code): ([String], [String]) = ([], [])
        var known: Set<String> = []
        guard let names = FileManager.default.enumerator(atPath: folder) else { throw Failure(folder: folder) }
        for case let name as String in names where name.hasSuffix(".md") || name.hasSuffix(".swift") {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name), data.count < 200_000 else {
                continue
            }
            let lines = String(decoding: data, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            let isMarkdown = name.hasSuffix(".md")
            for paragraph in isMarkdown ? Self.paragraphs(lines) : Self.comments(lines)
            where (60..<2_000).contains(paragraph.utf8.count) && known.insert(paragraph).inserted {
                prose.append(paragraph)
            }
            if !isMarkdown { code += lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.map(String.init) }
        }
        guard prose.count > 1_000, code.count > 10_000 else { throw Failure(folder: folder) }
        (self.prose, self.code) = (prose, code)
    }

    var summary: String {
        let bytes = (prose.reduce(0) { $0 + $1.utf8.count }, code.reduce(0) { $0 + $1.utf8.count + 1 })
        return String(
            format: "%d paragraphs (%.1f MB) and %d lines of code (%.1f MB)", prose.count, Double(bytes.0) / 1e6,
            code.count, Double(bytes.1) / 1e6)
    }

    private static func paragraphs(_ lines: [Substring]) -> [String] {
        var isCode = false
        let kept = lines.map { line -> Substring in
            if line.hasPrefix("```") { isCode.toggle() }
            return isCode || ["#", "|", "<", "```", "    "].contains { line.hasPrefix($0) } ? "" : line
        }
        return kept.split(separator: "").map { $0.joined(separator: "\n") }
    }

    private static func comments(_ lines: [Substring]) -> [String] {
        lines.map { $0.drop { $0 == " " } }.split { !$0.hasPrefix("///") }.map { comment in
            comment.map { $0.dropFirst(3).drop { $0 == " " } }.joined(separator: "\n")
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let folder: String
        var description: String { "\(folder) has not enough Markdown and Swift files to make conversations of." }
    }
}
