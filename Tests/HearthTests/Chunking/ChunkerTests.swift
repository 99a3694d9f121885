import Hearth
import HearthTesting
import Testing

/// Parts at every line that begins at the left margin.
private struct MarginOutliner: SyntaxOutliner {
    func outline(_ source: [UInt8], language: Language) -> [OutlineNode]? {
        guard language.name == "margin" else { return nil }
        var nodes: [OutlineNode] = []
        var offset = 0
        for line in source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if let first = line.first, first > 0x20 {
                let name = String(decoding: line.prefix(12), as: UTF8.self)
                nodes.append(
                    OutlineNode(
                        name: name, signature: name, isAttachedToNext: name.hasPrefix("//"),
                        bytes: offset..<(offset + line.count)))
            }
            offset += line.count + 1
        }
        for index in nodes.indices {
            let end = index + 1 < nodes.count ? nodes[index + 1].bytes.lowerBound : source.count
            nodes[index].bytes = nodes[index].bytes.lowerBound..<end
        }
        return nodes
    }
}

@Suite("Chunks")
struct ChunkerTests {
    private static let margin = Language(name: "margin", kind: .code)

    private func chunker(limit: Int) -> Chunker {
        Chunker(outliner: MarginOutliner(), limit: limit) { text in text.split(whereSeparator: \.isWhitespace).count }
    }

    /// Everything that is true of the chunks of any source.
    private func verify(_ chunks: [Chunk], of source: String, limit: Int) {
        let bytes = Array(source.utf8)
        var end = chunks.first?.bytes.lowerBound ?? 0
        #expect(bytes[..<end].allSatisfy { $0 <= 0x20 })
        for chunk in chunks {
            #expect(chunk.bytes.lowerBound == end && !chunk.bytes.isEmpty)
            end = chunk.bytes.upperBound
            let text = String(validating: bytes[chunk.bytes], as: UTF8.self)
            #expect(text != nil, "a scalar was cut")
            let words = ((text ?? "") + "\n" + chunk.header).split(whereSeparator: \.isWhitespace).count
            #expect(words <= limit, "\(words) of \(limit)")
            let firstLine =
                bytes[..<(bytes[chunk.bytes].firstIndex { $0 > 0x20 } ?? chunk.bytes.lowerBound)].count { $0 == 10 } + 1
            #expect(chunk.lines.lowerBound == firstLine)
        }
        #expect(bytes[end...].allSatisfy { $0 <= 0x20 })
    }

    @Test(
        "chunks cover any source without a gap, whole scalars, within the limit", arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func tiling(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "func a() {", "}", "    let x = 1", "", "// é comment", "🔥 b", "\t", "word word word word",
            "x" + String(repeating: "y", count: 40), "  if a { b }",
        ]
        for _ in 0..<60 {
            let source = (0..<random.next(below: 80)).map { _ in pieces[random.next(below: pieces.count)] }.joined(
                separator: "\n")
            for language in [Self.margin, .text, Language(name: "markdown", kind: .prose)] {
                let limit = 8 + random.next(below: 60)
                verify(
                    chunker(limit: limit).chunks(of: Array(source.utf8), path: "a/b.x", language: language), of: source,
                    limit: limit)
            }
        }
    }

    @Test("declarations that fit stay whole and alone, and tiny ones join their neighbours")
    func declarations() {
        let big = "func big\n" + String(repeating: "    word word word word\n", count: 5)
        let source = big + "let a\nlet b\n" + big.replacing("big", with: "fat")
        let chunks = chunker(limit: 40).chunks(of: Array(source.utf8), path: "f", language: Self.margin)
        #expect(chunks.map(\.symbol) == ["func big, let a, let b", "func fat"])
        #expect(chunks.map(\.lines) == [1...8, 9...14])
    }

    @Test("a comment goes with the declaration that follows it")
    func comments() {
        let body = String(repeating: "    word word word word word\n", count: 4)
        let source = "func one\n\(body)// speaks of two\nfunc two\n\(body)"
        let chunks = chunker(limit: 40).chunks(of: Array(source.utf8), path: "f", language: Self.margin)
        #expect(chunks.map(\.lines) == [1...5, 6...11])
    }

    @Test("a line longer than the limit is cut between words")
    func longLine() {
        let source = (0..<100).map { "w\($0)" }.joined(separator: " ")
        let chunks = chunker(limit: 20).chunks(of: Array(source.utf8), path: "f", language: .text)
        verify(chunks, of: source, limit: 20)
        #expect(chunks.count == 6)
    }

    @Test("Markdown is cut at its headings, which name the chunks")
    func markdown() {
        let filler = String(repeating: "word ", count: 15) + "\n"
        let source = "# Title\n\(filler)## One\n\(filler)```\n# no heading\n```\n## Two\n\(filler)"
        let chunks = chunker(limit: 30).chunks(
            of: Array(source.utf8), path: "f.md", language: Language(name: "markdown", kind: .prose))
        #expect(chunks.map(\.symbol) == ["Title", "Title.One", "Title.Two"])
        #expect(chunks.last?.header == "f.md\n# Title")
    }

    @Test("a long path gives way to the text", arguments: [8, 20, 60])
    func longPath(limit: Int) {
        let path = (0..<30).map { "folder \($0)" }.joined(separator: "/") + "/file.x"
        let source = (0..<50).map { "word \($0)" }.joined(separator: "\n")
        verify(
            chunker(limit: limit).chunks(of: Array(source.utf8), path: path, language: .text), of: source, limit: limit)
    }

    @Test("nothing to say gives no chunks", arguments: ["", "\n\n", "  \t\n"])
    func blank(source: String) {
        #expect(chunker(limit: 20).chunks(of: Array(source.utf8), path: "f", language: .text).isEmpty)
    }

    @Test(
        "languages are told by name, ending or first line",
        arguments: [
            ("a/b.swift", "", "swift"), ("Dockerfile", "", "dockerfile"), ("x", "#!/usr/bin/env python3\n", "python"),
            ("run", "#!/bin/bash -e\n", "bash"), ("README", "", "text"), ("a.TSX", "", "tsx"),
            ("noext", "hello", "text"),
        ])
    func languages(path: String, head: String, name: String) {
        #expect(Language.detect(path: path, head: Array(head.utf8)).name == name)
    }
}
