/// The scores of one walk over matching rows.
///
/// Lives in the memory of the search that runs it; the rank function reaches it through a pointer.
struct RankPass {
    private let formula: BM25
    private let weights: [Double]
    private let lengths: [UInt32]
    private let allowed: Bitmap
    private let columnWeights: (Double, Double, Double)
    private let maximumScored: Int
    private let maximumVisited: Int
    private(set) var top: TopHits
    private var scored = 0
    private var visited = 0
    private var row = 0
    private var resistance = 0.0
    private var score = 0.0

    init(
        formula: BM25, weights: [Double], ranking: TextRanking, lengths: [UInt32], allowed: Bitmap, limit: Int
    ) {
        maximumScored = 2 * ranking.postingBudget
        maximumVisited = 10 * ranking.postingBudget
        self.formula = formula
        self.weights = weights
        self.lengths = lengths
        self.allowed = allowed
        columnWeights = (ranking.pathWeight, ranking.symbolWeight, ranking.bodyWeight)
        top = TopHits(limit: limit)
    }

    var termCount: Int { weights.count }

    func weight(ofColumn column: Int) -> Double {
        switch column {
        case 0: columnWeights.0
        case 1: columnWeights.1
        default: columnWeights.2
        }
    }

    /// Whether the walk has cost enough. Only walks over common terms get here: what they find is much alike.
    var isExhausted: Bool { scored >= maximumScored || visited >= maximumVisited }

    /// Begins a row; false when the filter does not let it through.
    mutating func begin(_ row: Int) -> Bool {
        visited += 1
        guard allowed.contains(row), row < lengths.count else { return false }
        self.row = row
        resistance = formula.resistance(length: lengths[row])
        score = 0
        scored += 1
        return true
    }

    mutating func add(term: Int, frequency: Double) {
        score += weights[term] * frequency / (frequency + resistance)
    }

    mutating func end() {
        top.offer(score: score, number: row)
    }
}
