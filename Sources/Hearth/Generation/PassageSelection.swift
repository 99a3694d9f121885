/// Chooses the passages of a prompt: the best that fit, each text once, neighbours of one file joined.
///
/// A copy, in a vendored folder or an older release beside the new one, would take the place of something else. What differs in
/// more than white space is no copy: one number may be the answer.
public struct PassageSelection: Sendable {
    /// In the order of their best rank.
    public let passages: [Passage]

    /// - Parameter budget: estimated tokens that the passages may take, their tags included.
    public init(_ ranked: [Passage], budget: Int) {
        let tagTokens = 40
        var left = budget
        var chosen: [Passage] = []
        var texts: Set<String> = []
        for passage in ranked {
            let text = String(passage.text.filter { !$0.isWhitespace })
            guard !texts.contains(text) else { continue }
            let cost = TokenEstimate.tokens(of: passage.text) + tagTokens
            guard cost <= left else { continue }
            left -= cost
            chosen.append(passage)
            texts.insert(text)
        }
        passages = Self.joined(chosen)
    }

    /// Joins passages that follow one another without a gap; a run stands where its best member stood.
    static func joined(_ chosen: [Passage]) -> [Passage] {
        var runs: [[(rank: Int, passage: Passage)]] = []
        let byPlace = chosen.enumerated().sorted { left, right in
            (left.element.path, left.element.bytes.lowerBound, left.element.bytes.upperBound, left.offset)
                < (right.element.path, right.element.bytes.lowerBound, right.element.bytes.upperBound, right.offset)
        }
        for (rank, passage) in byPlace {
            if let last = runs.last?.last?.passage, last.path == passage.path,
                last.documentVersion == passage.documentVersion, last.bytes.upperBound == passage.bytes.lowerBound
            {
                runs[runs.count - 1].append((rank, passage))
            } else {
                runs.append([(rank, passage)])
            }
        }
        let ranked = runs.map { run in (rank: run.map(\.rank).min() ?? 0, passage: merge(run.map(\.passage))) }
        return ranked.sorted { $0.rank < $1.rank }.map(\.passage)
    }

    private static func merge(_ run: [Passage]) -> Passage {
        guard run.count > 1, let first = run.first, let last = run.last else { return run[0] }
        let text = run.map(\.text).joined()
        return Passage(
            id: "\(first.id)+\(run.count - 1)",
            path: first.path,
            language: first.language,
            lines: first.lines.lowerBound...max(first.lines.lowerBound, last.lines.upperBound),
            bytes: first.bytes.lowerBound..<last.bytes.upperBound,
            documentVersion: first.documentVersion,
            symbol: run.map(\.symbol).first { !$0.isEmpty } ?? "",
            header: first.header,
            text: text,
            hash: Digest.sha256(first.header.isEmpty ? text : first.header + "\n" + text))
    }
}
