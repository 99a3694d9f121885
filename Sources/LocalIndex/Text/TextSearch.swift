import GRDB

/// Finds the entries with the highest BM25 score for a question.
///
/// The rarest terms find candidates within a budget of postings. Terms that are too common for the budget would find
/// half of the index and hardly change the order; they only count in the best candidates, whose text is split again.
/// Where all terms are common, candidates are the entries that have several of them.
struct TextSearch {
    let catalogue: Catalogue
    let ranking: TextRanking

    private struct Weighed {
        let text: String
        let frequency: Int
        let weight: Double
    }

    private enum Operator: String {
        case or = " OR "
        case and = " AND "
    }

    func hits(_ db: Database, query: String, allowed: AllowedEntries, limit: Int) throws -> [LocalIndex.Hit] {
        let limit = min(limit, allowed.count)
        guard limit > 0 else { return [] }
        let formula = BM25(table: catalogue.table, ranking: ranking)
        let terms = try weighed(TextQuery(query), db, formula)
        let walk = Walk(db: db, search: self, formula: formula, allowed: allowed)
        let finders = finderCount(terms)
        if finders == terms.count { return try walk.run(terms, .or, limit: limit) }
        let wanted = min(limit, Self.enough)
        for (count, how) in [(finders, Operator.or), (min(terms.count, Self.maximumConjunction), .and)] where count > 0
        {
            let candidates = try walk.run(Array(terms.prefix(count)), how, limit: limit + Self.reserve)
            guard candidates.count >= wanted else { continue }
            return try rescored(candidates, db, Array(terms.dropFirst(count)), formula, limit: limit)
        }
        // A filter leaves out what the rare terms find, or all terms are common and do not meet.
        return try walk.run(Array(terms.prefix(Self.maximumFinders)), .or, limit: limit)
    }

    /// With this many hits of rare terms, entries that have nothing but common terms are not looked for.
    private static let enough = 20
    private static let maximumFinders = 48
    private static let maximumConjunction = 3
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

    /// How many of the terms find candidates within the budget; none when all are common.
    private func finderCount(_ terms: [Weighed]) -> Int {
        var postings = 0
        for (index, term) in terms.prefix(Self.maximumFinders).enumerated() {
            postings += term.frequency
            if postings > ranking.postingBudget { return index }
        }
        return min(terms.count, Self.maximumFinders)
    }

    /// Walks over the rows that match, in SQLite.
    private struct Walk {
        let db: Database
        let search: TextSearch
        let formula: BM25
        let allowed: AllowedEntries

        func run(_ terms: [Weighed], _ how: Operator, limit: Int) throws -> [LocalIndex.Hit] {
            guard !terms.isEmpty else { return [] }
            var pass = RankPass(
                formula: formula, weights: terms.map(\.weight), ranking: search.ranking,
                lengths: search.catalogue.table.lengths, allowed: allowed.rows, limit: limit)
            // Terms have no quotes: they are letters and digits only.
            let expression = terms.map { "\"\($0.text)\"" }.joined(separator: how.rawValue)
            try withUnsafeMutablePointer(to: &pass) { pass in
                var statement = try RawStatement(
                    db,
                    """
                    SELECT 1 FROM term WHERE term MATCH ?1 AND rowid BETWEEN ?2 AND ?3
                        AND \(RankFunction.name)(term, ?4)
                    """)
                try statement.bind(expression)
                try statement.bind(allowed.firstRow)
                try statement.bind(allowed.lastRow)
                try statement.bind(UnsafeMutableRawPointer(pass), type: RankFunction.pointerType)
                // The one row there can be says that the pass has had enough.
                _ = try statement.step()
            }
            return pass.top.sorted().map { LocalIndex.Hit(row: $0.number, score: $0.score) }
        }
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
