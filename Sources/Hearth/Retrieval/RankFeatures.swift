/// The table of the rank features in use, each with its weights.
///
/// `hearth eval retrieval` switches them off one at a time and says what each earns.
public struct RankFeatures: Sendable {
    private let features: [any RankFeature]

    public init(
        _ features: [any RankFeature] = [
            SymbolMatch(), PhraseMatch(), FileMatch(), TestDamping(), ProseDamping(), DataDamping(),
        ]
    ) {
        self.features = features
    }

    /// In the order of the table.
    public var names: [String] { features.map { type(of: $0).name } }

    /// The same passages in a new order.
    ///
    /// - Parameter leftOut: names of features that take no part.
    public func rank(
        _ passages: [ScoredPassage],
        question: String,
        without leftOut: Set<String> = []
    ) -> [ScoredPassage] {
        let terms = QuestionTerms(question)
        var boosts = [Double](repeating: 0, count: passages.count)
        var rests = [Double](repeating: 1, count: passages.count)
        var ranked = passages
        for feature in features where !leftOut.contains(type(of: feature).name) {
            for (place, effect) in feature.effects(on: passages, for: terms).enumerated() {
                switch effect {
                case .boost(let more):
                    boosts[place] += more
                    ranked[place].parts[type(of: feature).name] = more
                case .damping(let factor):
                    rests[place] *= factor
                    ranked[place].parts[type(of: feature).name] = factor
                case nil: continue
                }
            }
        }
        for place in ranked.indices { ranked[place].score = (ranked[place].score + boosts[place]) * rests[place] }
        return ranked.sorted(by: ScoredPassage.isBetter)
    }
}
