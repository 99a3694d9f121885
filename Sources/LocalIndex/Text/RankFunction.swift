import GRDB
import GRDBSQLite

/// An FTS5 auxiliary function that scores the matching rows inside SQLite.
///
/// FTS5's own `bm25()` looks up the length of every row in a table and counts every term's rows anew for every query;
/// here both are known beforehand, and only the best rows leave SQLite.
enum RankFunction {
    static let name = "offer_to"
    static let pointerType: StaticString = "local-index-rank-pass"

    static func register(_ db: Database) throws {
        let api = FTS5.api(db)
        let mutableAPI = UnsafeMutablePointer(mutating: api)
        guard let create = api.pointee.xCreateFunction else {
            throw DatabaseError(resultCode: .SQLITE_ERROR, message: "this SQLite has FTS5 without auxiliary functions")
        }
        let code = create(mutableAPI, name, nil, offer, nil)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    /// `offer_to(term, pass)` offers the current row to the pass and returns whether the pass has had enough.
    private static let offer: fts5_extension_function = { api, cursor, context, count, values in
        guard let api, count == 1, let value = values?[0],
            let pointer = pointerType.utf8Start.withMemoryRebound(
                to: CChar.self, capacity: pointerType.utf8CodeUnitCount + 1,
                { sqlite3_value_pointer(value, $0) }),
            let rowid = api.pointee.xRowid,
            let firstPlace = api.pointee.xPhraseFirst,
            let nextPlace = api.pointee.xPhraseNext
        else {
            sqlite3_result_error(context, "offer_to(term, pass) needs a pass", -1)
            return
        }
        let pass = pointer.assumingMemoryBound(to: RankPass.self)
        sqlite3_result_int(context, pass.pointee.isExhausted ? 1 : 0)
        guard pass.pointee.begin(Int(rowid(cursor))) else { return }
        var places = Fts5PhraseIter()
        for phrase in 0..<pass.pointee.termCount {
            var column: Int32 = -1
            var offset: Int32 = 0
            guard firstPlace(cursor, Int32(phrase), &places, &column, &offset) == SQLITE_OK, column >= 0 else {
                continue
            }
            var frequency = 0.0
            while column >= 0 {
                frequency += pass.pointee.weight(ofColumn: Int(column))
                nextPlace(cursor, &places, &column, &offset)
            }
            pass.pointee.add(term: phrase, frequency: frequency)
        }
        pass.pointee.end()
    }
}
