import Glibc

/// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), with the idf that stays
/// positive.
struct BM25 {
    let entryCount: Int
    let averageLength: Double
    let saturation: Double
    let lengthNormalization: Double

    init(table: EntryTable, ranking: TextRanking) {
        entryCount = table.liveCount
        averageLength = table.liveCount == 0 ? 1 : max(1, Double(table.totalLength) / Double(table.liveCount))
        saturation = ranking.saturation
        lengthNormalization = ranking.lengthNormalization
    }

    /// What a term can add to a score at most; repeating it in the query counts, but less and less.
    func weight(frequency: Int, countInQuery: Int) -> Double {
        let inverse = log(1 + (Double(max(0, entryCount - frequency)) + 0.5) / (Double(frequency) + 0.5))
        return inverse * (saturation + 1) * (1 + log(Double(max(1, countInQuery))))
    }

    /// The frequency at which a term reaches half of its weight, in an entry of this length.
    func resistance(length: UInt32) -> Double {
        saturation * (1 - lengthNormalization + lengthNormalization * Double(length) / averageLength)
    }
}
