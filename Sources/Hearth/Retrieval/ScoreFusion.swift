/// Joins lists into one by the weighted sum of their scores, each list's brought to the scale from 0 to 1 (convex
/// combination: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
///
/// Ranks alone would forget by how much the first leads: a passage that has all the words of a question would count little
/// more than the next one, which has half of them.
public struct ScoreFusion: Sendable, Hashable {
    /// How a list's scores are brought to one scale.
    public enum Scale: Sendable, Hashable {
        /// As a part of the best: where no match at all scores 0.
        case ofBest
        /// Between the last of the list and the best: where everything scores something.
        case ofRange
    }

    /// Names a list and says how much it counts.
    public struct Weighted: Sendable {
        public let name: String
        public let weight: Double
        public let scale: Scale
        public let candidates: [PassageCandidates.Candidate]

        public init(_ name: String, weight: Double, scale: Scale, _ candidates: [PassageCandidates.Candidate]) {
            self.name = name
            self.weight = weight
            self.scale = scale
            self.candidates = candidates
        }

        fileprivate func share(of score: Double) -> Double {
            guard let best = candidates.first?.score, let last = candidates.last?.score else { return 0 }
            let floor = scale == .ofRange ? last : 0
            return best > floor ? max(0, (score - floor) / (best - floor)) : 1
        }
    }

    public init() {}

    /// Best first; equal scores by path and place, so that the result never depends on chance. The sum of the weights is
    /// the highest score there can be.
    public func fuse(_ lists: [Weighted]) -> [ScoredPassage] {
        var fused: [String: ScoredPassage] = [:]
        for list in lists {
            for (offset, candidate) in list.candidates.enumerated() {
                let id = candidate.passage.id
                var entry = fused[id] ?? ScoredPassage(passage: candidate.passage, score: 0, parts: [:])
                entry.score += list.weight * list.share(of: candidate.score)
                entry.parts["\(list.name)Rank"] = Double(offset + 1)
                entry.parts["\(list.name)Score"] = candidate.score
                fused[id] = entry
            }
        }
        return fused.values.sorted(by: ScoredPassage.isBetter)
    }
}
