import Glibc

/// The text half of a search for other stores: the same terms and the same BM25 as ``LocalIndex`` has, split into what
/// is known of an entry alone and what is known of a question alone.
///
/// The score of an entry is the sum over the terms that both have of idf · entry weight · question weight, where the
/// store knows the idf: ln((N − n + 0.5) / (n + 0.5) + 1) for N entries of which n have the term.
public struct TermWeights: Sendable, Hashable {
    public let ranking: TextRanking
    /// How many terms an entry has on average. ``LocalIndex`` knows this of each index at each moment; a store that
    /// keeps weights has to decide when it writes. An average that is off by half moves all entries alike, short ones
    /// a little more than long ones.
    public let averageLength: Double

    public init(ranking: TextRanking = TextRanking(), averageLength: Double) {
        self.ranking = ranking
        self.averageLength = max(1, averageLength)
    }

    /// How much each term of an entry counts, saturated and held back by the entry's length.
    public func entry(path: String, symbol: String, header: String, text: String) -> [String: Double] {
        var frequencies: [String: Double] = [:]
        var length = 0
        func add(_ field: String, weight: Double) {
            for term in TermSplitter.terms(in: field) {
                frequencies[term, default: 0] += weight
                length += 1
            }
        }
        add(path, weight: ranking.pathWeight)
        add(symbol, weight: ranking.symbolWeight)
        add("\(header)\n\(text)", weight: ranking.bodyWeight)
        let share = ranking.lengthNormalization
        let resistance = ranking.saturation * (1 - share + share * Double(length) / averageLength)
        return frequencies.mapValues { (ranking.saturation + 1) * $0 / ($0 + resistance) }
    }

    /// How much each term of a question counts: repeating it counts, but less and less. Words that say nothing about
    /// the code asked for are left out, unless there are no others.
    public func question(_ text: String) -> [String: Double] {
        Dictionary(
            TextQuery(text).terms.map { ($0.text, 1 + log(Double($0.count))) }, uniquingKeysWith: { first, _ in first })
    }
}
