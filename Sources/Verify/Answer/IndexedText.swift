/// A document put together from the passages that the index has of it.
struct IndexedText: Sendable {
    let versions: Set<String>
    private let lines: [Int: Substring]

    /// `nil` without passages.
    init?(_ passages: [FoundPassage]) {
        guard !passages.isEmpty else { return nil }
        versions = Set(passages.map(\.version))
        var lines: [Int: Substring] = [:]
        for passage in passages {
            for (offset, line) in passage.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where passage.startLine + offset <= passage.endLine {
                lines[passage.startLine + offset] = line
            }
        }
        self.lines = lines
    }

    func text(_ range: ClosedRange<Int>) -> [String] { range.compactMap { lines[$0].map(String.init) } }

    /// The first line of the place where these lines stand now, one after the other.
    func place(of wanted: [String]) -> Int? {
        guard let first = wanted.first else { return nil }
        return lines.keys.sorted().first { start in
            lines[start].map(String.init) == first
                && wanted.indices.allSatisfy { lines[start + $0].map(String.init) == wanted[$0] }
        }
    }
}
