import GRDB

/// Looks up the entries that were written with certain keys.
struct KeySearch {
    let db: Database
    let allowed: AllowedEntries

    /// Rows that the filter lets through, each once, those of the first key first.
    func rows(of keys: [String], limit: Int) throws -> [LocalIndex.Row] {
        guard !keys.isEmpty, limit > 0, allowed.count > 0 else { return [] }
        var rows: [LocalIndex.Row] = []
        var seen: Set<LocalIndex.Row> = []
        var statement = try RawStatement(db, "SELECT row FROM key WHERE key = ? ORDER BY row")
        for key in keys {
            try statement.bind(key)
            while try statement.step() {
                let row = statement.integer(0)
                guard allowed.rows.contains(row), seen.insert(row).inserted else { continue }
                rows.append(row)
                if rows.count == limit { return rows }
            }
            statement.reset()
        }
        return rows
    }
}
