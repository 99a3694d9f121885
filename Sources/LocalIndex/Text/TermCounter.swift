/// Counts a few terms in the fields of an entry.
struct TermCounter {
    private(set) var frequencies: [Double]
    private let terms: [[UInt8]]
    private let ranking: TextRanking

    init(terms: [String], ranking: TextRanking) {
        self.terms = terms.map { Array($0.utf8) }
        self.ranking = ranking
        frequencies = [Double](repeating: 0, count: terms.count)
    }

    mutating func reset() {
        for index in frequencies.indices { frequencies[index] = 0 }
    }

    /// The weight of a field: path, symbol, and then the body.
    func weight(ofField field: Int) -> Double {
        switch field {
        case 0: ranking.pathWeight
        case 1: ranking.symbolWeight
        default: ranking.bodyWeight
        }
    }

    mutating func count(_ text: UnsafeBufferPointer<UInt8>, weight: Double) {
        TermSplitter.forEachTerm(in: text) { term, _, _ in
            for index in terms.indices where terms[index].count == term.count && terms[index].elementsEqual(term) {
                frequencies[index] += weight
            }
            return true
        }
    }
}
