public import Hearth

/// A document of the evaluated codebase: its text, its lines and its parts.
public struct SourceFile: Sendable {
    public let path: String
    /// Valid UTF-8, secrets masked, as it is indexed.
    public let bytes: [UInt8]
    public let language: Language
    /// The top-level parts by syntax; empty where no grammar helps.
    public let outline: [OutlineNode]
    /// Whether it holds tests, by its path.
    public let isTest: Bool
    private let lineStarts: [Int]

    /// `nil` for what is not indexed either: binaries, generated files, empty ones.
    public init?(path: String, bytes: [UInt8], outliner: any SyntaxOutliner) {
        guard let text = try? SourceText(bytes, path: path) else { return nil }
        self.path = path
        self.bytes = text.bytes
        language = Language.detect(path: path, head: text.bytes)
        outline = language.kind == .code ? outliner.outline(text.bytes, language: language) ?? [] : []
        isTest = TestNames.isTest(path)
        var starts = [0]
        for (offset, byte) in text.bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        lineStarts = starts
    }

    /// The line that holds the byte, counted from 1.
    public func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return low + 1
    }

    /// The lines of some bytes, those of white space at the end left out.
    public func lines(of range: Range<Int>) -> ClosedRange<Int> {
        var end = range.upperBound
        while end > range.lowerBound + 1, bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
        let first = line(at: range.lowerBound)
        return first...max(first, line(at: max(range.lowerBound, end - 1)))
    }

    /// The offset of a line's first byte.
    func start(ofLine line: Int) -> Int { lineStarts[min(max(line, 1), lineStarts.count) - 1] }

    /// Some bytes as text.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The last name of the path without its endings: `reader` for `src/reader.test.ts`.
    var stem: Substring { (path.split(separator: "/").last ?? "").prefix { $0 != "." } }
}
