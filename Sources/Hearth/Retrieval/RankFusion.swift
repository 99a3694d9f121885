/// Joins ranked lists into one by reciprocal rank (Cormack, Clarke, Büttcher: SIGIR 2009).
///
/// The two halves of a search score on different scales; ranks are comparable. A passage's score is the sum of
/// `weight / (constant + rank)` over the lists that hold it.
public struct RankFusion: Sendable, Hashable {
    /// Names a list and says how much it counts.
    public struct Weighted: Sendable {
        public let name: String
        public let weight: Double
        public let candidates: [PassageCandidates.Candidate]

        public init(_ name: String, weight: Double, _ candidates: [PassageCandidates.Candidate]) {
            self.name = name
            self.weight = weight
            self.candidates = candidates
        }
    }

    /// Dampens the lead of the first ranks. The paper's 60 joins many weak lists; of our two, each one's first hits are
    /// worth more than a middling place in both.
    public var constant: Double

    public init(constant: Double = 10) { self.constant = constant }

    /// Best first; equal scores are ordered by passage id, so that the result never depends on chance.
    public func fuse(_ lists: [Weighted]) -> [ScoredPassage] {
        var fused: [String: ScoredPassage] = [:]
        for list in lists {
            for (offset, candidate) in list.candidates.enumerated() {
                let id = candidate.passage.id
                var entry = fused[id] ?? ScoredPassage(passage: candidate.passage, score: 0, parts: [:])
                entry.score += list.weight / (constant + Double(offset + 1))
                entry.parts["\(list.name)Rank"] = Double(offset + 1)
                entry.parts["\(list.name)Score"] = candidate.score
                fused[id] = entry
            }
        }
        return fused.values.sorted { left, right in
            left.score != right.score ? left.score > right.score : left.passage.id < right.passage.id
        }
    }
}
