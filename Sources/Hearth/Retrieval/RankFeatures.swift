/// The table of the rank features in use, each with its weight.
///
/// `hearth eval retrieval` switches them off one at a time and says what each earns.
public struct RankFeatures: Sendable {
    private let features: [any RankFeature]

    public init(_ features: [any RankFeature] = [SymbolMatch(), FileMatch(), TestDamping()]) {
        self.features = features
    }

    /// In the order of the table.
    public var names: [String] { features.map { type(of: $0).name } }

    /// The same passages in a new order; equal scores are ordered by passage id.
    ///
    /// - Parameter leftOut: names of features that take no part.
    public func rank(
        _ passages: [ScoredPassage],
        question: String,
        without leftOut: Set<String> = []
    ) -> [ScoredPassage] {
        guard let best = passages.map(\.score).max() else { return [] }
        let terms = QuestionTerms(question)
        let features = features.filter { !leftOut.contains(type(of: $0).name) }
        return passages.map { scored($0, best: best, by: features, for: terms) }.sorted { left, right in
            left.score != right.score ? left.score > right.score : left.passage.id < right.passage.id
        }
    }

    private func scored(
        _ entry: ScoredPassage,
        best: Double,
        by features: [any RankFeature],
        for terms: QuestionTerms
    ) -> ScoredPassage {
        var entry = entry
        var boost = 0.0
        var rest = 1.0
        for feature in features {
            guard let effect = feature.effect(on: entry.passage, for: terms) else { continue }
            switch effect {
            case .boost(let share):
                boost += share
                entry.parts[type(of: feature).name] = share
            case .damping(let factor):
                rest *= factor
                entry.parts[type(of: feature).name] = factor
            }
        }
        entry.score = (entry.score + best * boost) * rest
        return entry
    }
}
