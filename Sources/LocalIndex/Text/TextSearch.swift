import GRDB

/// Finds the entries with the highest BM25 score for a question.
///
/// The rarest terms find candidates within a budget of postings. Terms that are too common for the budget would find
/// half of the index and hardly change the order; they only count in the best candidates, whose text is split again.
struct TextSearch {
    let catalogue: Catalogue
    let ranking: TextRanking

    private struct Weighed {
        let text: String
        let frequency: Int
        let weight: Double
    }

    func hits(_ db: Database, query: String, allowed: AllowedEntries, limit: Int) throws -> [LocalIndex.Hit] {
        guard limit > 0, allowed.count > 0 else { return [] }
        let formula = BM25(table: catalogue.table, ranking: ranking)
        let terms = try weighed(TextQuery(query), db, formula)
        guard !terms.isEmpty else { return [] }
        let finders = Array(terms.prefix(finderCount(terms)))
        let common = Array(terms.dropFirst(finders.count))
        if common.isEmpty {
            return try walk(db, finders, formula, allowed, limit: limit)
        }
        // A filter may leave out all that the rare terms find.
        let candidates = try walk(db, finders, formula, allowed, limit: limit + Self.reserve)
        if candidates.count < min(limit, allowed.count) {
            return try walk(db, Array(terms.prefix(Self.maximumFinders)), formula, allowed, limit: limit)
        }
        return try rescored(candidates, db, common, formula, limit: limit)
    }

    private static let maximumFinders = 48
    /// How many candidates beyond the limit may come in through common terms.
    private static let reserve = 16

    /// Rarest first.
    private func weighed(_ query: TextQuery, _ db: Database, _ formula: BM25) throws -> [Weighed] {
        var terms: [Weighed] = []
        for term in query.terms {
            let frequency = try catalogue.frequency(of: term.text, db)
            guard frequency > 0 else { continue }
            let weight = formula.weight(frequency: frequency, countInQuery: term.count)
            terms.append(Weighed(text: term.text, frequency: frequency, weight: weight))
        }
        return terms.sorted { ($0.frequency, $0.text) < ($1.frequency, $1.text) }
    }

    private func finderCount(_ terms: [Weighed]) -> Int {
        var postings = 0
        for (index, term) in terms.prefix(Self.maximumFinders).enumerated() {
            postings += term.frequency
            if index > 0, postings > ranking.postingBudget { return index }
        }
        return min(terms.count, Self.maximumFinders)
    }

    private func walk(
        _ db: Database, _ terms: [Weighed], _ formula: BM25, _ allowed: AllowedEntries, limit: Int
    ) throws -> [LocalIndex.Hit] {
        var pass = RankPass(
            formula: formula, weights: terms.map(\.weight), ranking: ranking, lengths: catalogue.table.lengths,
            allowed: allowed.rows, limit: limit)
        // Terms have no quotes: they are letters and digits only.
        let expression = terms.map { "\"\($0.text)\"" }.joined(separator: " OR ")
        try withUnsafeMutablePointer(to: &pass) { pass in
            var statement = try RawStatement(
                db, "SELECT 1 FROM term WHERE term MATCH ? AND \(RankFunction.name)(term, ?)")
            try statement.bind(expression)
            try statement.bind(UnsafeMutableRawPointer(pass), type: RankFunction.pointerType)
            while try statement.step() {}
        }
        return pass.top.sorted().map { LocalIndex.Hit(row: $0.number, score: $0.score) }
    }

    /// Adds what the common terms contribute.
    private func rescored(
        _ candidates: [LocalIndex.Hit], _ db: Database, _ common: [Weighed], _ formula: BM25, limit: Int
    ) throws -> [LocalIndex.Hit] {
        var counter = TermCounter(terms: common.map(\.text), ranking: ranking)
        var top = TopHits(limit: limit)
        var statement = try RawStatement(
            db,
            """
            SELECT d.path, c.symbol, c.header, c.text FROM entry e JOIN document d ON d.id = e.document
            JOIN content c ON c.row = e.row WHERE e.row = ?
            """)
        for candidate in candidates {
            try statement.bind(candidate.row)
            guard try statement.step() else {
                statement.reset()
                continue
            }
            counter.reset()
            for column in Int32(0)..<4 {
                statement.withText(column) { counter.count($0, weight: counter.weight(ofField: Int(column))) }
            }
            statement.reset()
            let resistance = formula.resistance(length: catalogue.table.lengths[candidate.row])
            var score = candidate.score
            for (term, frequency) in zip(common, counter.frequencies) where frequency > 0 {
                score += term.weight * frequency / (frequency + resistance)
            }
            top.offer(score: score, number: candidate.row)
        }
        return top.sorted().map { LocalIndex.Hit(row: $0.number, score: $0.score) }
    }
}
