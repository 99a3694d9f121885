/// Raises passages that declare what the question names.
///
/// Two thirds of the questions about code name a type, a function or a file. A passage that declares a name of the
/// question is nearly always the answer, whatever the retrievers think of its text.
///
/// Earned in NDCG@10 on the held-out codebases of Benchmarks/README.md: names 0.11, with an error 0.34, their beginnings 0.29, their
/// words 0.08; documentation loses 0.013, because it mentions what a function deals with beside what it is.
public struct SymbolMatch: RankFeature, Hashable {
    public static let name = "symbolBoost"

    /// What a name adds that is all of the question.
    public var alone: Double
    /// What a name adds that stands in a sentence.
    public var inSentence: Double
    /// What is left where the name has a typing error.
    public var nearShare: Double
    /// What is left where only the name's beginning is given, times the part that is.
    public var beginningShare: Double
    /// What is left where the name is not written out but made of words that stand together.
    public var wordShare: Double
    /// How much more it is where all words of the question make the name.
    public var spelledOut: Double
    /// How much more it is where what encloses it is named, too.
    public var qualified: Double
    /// How much more it is where the name is written just so: `file_type` and `FileType` are two things.
    public var sameSpelling: Double
    /// What is left for passages of a declaration that began before them.
    public var insideShare: Double

    public init(
        alone: Double = 1.2,
        inSentence: Double = 0.35,
        nearShare: Double = 0.8,
        beginningShare: Double = 0.5,
        wordShare: Double = 0.4,
        spelledOut: Double = 1.2,
        qualified: Double = 1.3,
        sameSpelling: Double = 1.2,
        insideShare: Double = 0.4
    ) {
        self.alone = alone
        self.inSentence = inSentence
        self.nearShare = nearShare
        self.beginningShare = beginningShare
        self.wordShare = wordShare
        self.spelledOut = spelledOut
        self.qualified = qualified
        self.sameSpelling = sameSpelling
        self.insideShare = insideShare
    }

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        let whole = question.isName ? alone : inSentence
        let freely = question.lookups.filter { $0.reach != .whole }
        let joined = Set(question.lookups.filter { $0.reach == .whole }.map(\.key))
        return passages.map { entry in
            // A passage may declare several things.
            var best = 0.0
            for name in DeclaredName.all(in: entry.passage.symbol) {
                var share = freely.reduce(0.0) { max($0, self.share($1.closeness(to: name.key))) }
                if name.key == question.spelledOut { share = max(share, spelledOut) }
                if joined.contains(name.key) { share = max(share, wordShare) }
                guard share > 0 else { continue }
                if name.enclosing.contains(where: question.names.contains) { share *= qualified }
                if question.spellings.contains(name.written) { share *= sameSpelling }
                best = max(best, share)
            }
            guard best > 0 else { return nil }
            let isDeclaration = entry.parts[Ranking.declares + "Rank"] != nil
            return .boost(whole * best * (isDeclaration ? 1 : insideShare))
        }
    }

    private func share(_ closeness: NameLookup.Closeness?) -> Double {
        switch closeness {
        case .same: 1
        case .near: nearShare
        case .beginning(let part): beginningShare * part
        case nil: 0
        }
    }
}
