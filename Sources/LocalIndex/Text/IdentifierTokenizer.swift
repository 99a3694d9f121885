import GRDB
import GRDBSQLite

/// Lets FTS5 split entries with ``TermSplitter``.
///
/// In queries it takes each quoted string as one term, because queries are split before they are quoted.
final class IdentifierTokenizer: FTS5CustomTokenizer {
    static let name = "identifiers"

    init(db: Database, arguments: [String]) throws {}

    func tokenize(
        context: UnsafeMutableRawPointer?,
        tokenization: FTS5Tokenization,
        pText: UnsafePointer<CChar>?,
        nText: CInt,
        tokenCallback: @escaping FTS5TokenCallback
    ) -> CInt {
        guard let pText, nText > 0 else { return SQLITE_OK }
        if tokenization.contains(.query) { return tokenCallback(context, 0, pText, nText, 0, nText) }
        return pText.withMemoryRebound(to: UInt8.self, capacity: Int(nText)) { bytes in
            var code = SQLITE_OK
            TermSplitter.forEachTerm(in: UnsafeBufferPointer(start: bytes, count: Int(nText))) { term, isPart, word in
                code = term.withMemoryRebound(to: CChar.self) { characters in
                    tokenCallback(
                        context, isPart ? FTS5_TOKEN_COLOCATED : 0, characters.baseAddress, CInt(characters.count),
                        CInt(word.lowerBound), CInt(word.upperBound))
                }
                return code == SQLITE_OK
            }
            return code
        }
    }
}
