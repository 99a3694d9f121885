import GRDB

extension LocalIndex {
    /// The entries that best match a question or a piece of code by its words, best first, equal scores by row.
    ///
    /// Any text is a valid query; one without words finds nothing. In an index with more matches than
    /// ``TextRanking/postingBudget``, entries that have only common words of the query may be left out.
    public func searchText(_ query: String, filter: Filter = .none, limit: Int) async throws -> [Hit] {
        let ranking = settings.ranking
        return try await read { db, catalogue in
            try TextSearch(catalogue: catalogue, ranking: ranking)
                .hits(db, query: query, allowed: catalogue.allowed(filter, db), limit: limit)
        }
    }

    /// The entries whose vectors have the highest inner product with `vector`, best first, equal scores by row. Those without
    /// a vector are not looked at.
    ///
    /// Scores and order are exact. An entry that belongs to the result is left out only if the estimate of its score is off by
    /// more than four standard deviations: once in thirty thousand times.
    public func searchVector(_ vector: [Float], filter: Filter = .none, limit: Int) async throws -> [Hit] {
        try VectorRules.check(vector, dimension: dimension)
        let scan = scan
        return try await read { db, catalogue in
            try scan.hits(of: vector, catalogue: catalogue, allowed: catalogue.allowed(filter, db), limit: limit)
        }
    }

    /// Both searches, a look-up by keys, and the entries that the caller chooses of what they found, in one committed state of the index;
    /// cheaper than several calls.
    ///
    /// - Parameters:
    ///   - vector: nil searches by text only.
    ///   - keys: What entries were written with, the most important first.
    ///   - limit: How many hits each search returns at most.
    ///   - choose: Says which rows' entries to fetch, such as the best after fusing the lists. Without it those of all.
    public func search(
        text: String,
        vector: [Float]?,
        keys: [String] = [],
        filter: Filter = .none,
        limit: Int,
        entriesOf choose: @escaping @Sendable (_ text: [Hit], _ vector: [Hit], _ keyed: [Row]) -> [Row] = {
            ($0 + $1).map(\.row) + $2
        }
    ) async throws -> Hits {
        if let vector { try VectorRules.check(vector, dimension: dimension) }
        let scan = scan
        let ranking = settings.ranking
        return try await read { db, catalogue in
            let allowed = try catalogue.allowed(filter, db)
            let (byText, byVector) = try SideBySide.run {
                try TextSearch(catalogue: catalogue, ranking: ranking)
                    .hits(db, query: text, allowed: allowed, limit: limit)
            } and: {
                guard let vector else { return [LocalIndex.Hit]() }
                return try scan.hits(of: vector, catalogue: catalogue, allowed: allowed, limit: limit)
            }
            let keyed = try KeySearch(db: db, allowed: allowed).rows(of: keys, limit: limit)
            var reader = EntryReader(db: db, table: catalogue.table)
            return Hits(
                text: byText, vector: byVector, keyed: keyed,
                entries: try reader.entries(choose(byText, byVector, keyed)),
                unembedded: catalogue.table.unembeddedCount)
        }
    }
}

extension VectorScan {
    /// Entries with equal content share a slot, so that the best slots may hold more entries than asked for.
    func hits(
        of vector: [Float], catalogue: Catalogue, allowed: AllowedEntries, limit: Int
    ) throws(SystemFailure) -> [LocalIndex.Hit] {
        let best = try best(of: vector, in: catalogue, allowed: allowed.slots.words, limit: limit)
        var top = TopHits(limit: limit)
        for item in best {
            for row in catalogue.table.rows(ofSlot: item.number) where allowed.rows.contains(row) {
                top.offer(score: item.score, number: row)
            }
        }
        return top.sorted().map { LocalIndex.Hit(row: $0.number, score: $0.score) }
    }
}
