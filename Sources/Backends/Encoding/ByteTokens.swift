/// Counts tokens for models whose tokenizer is not at hand: one for each byte, and one for the text.
///
/// No text has more. Byte-level BPE merges bytes, never splits them; WordPiece takes a character or more for each token,
/// and has at most one for each byte that a character becomes when it is taken apart; SentencePiece falls back to bytes
/// and puts one blank before the text. (A few compatibility characters that stand for whole words become longer under
/// NFKC: a server that refuses them says so.) Real code has about three bytes a token, so that three times as much would
/// fit: too small a passage is still found, one that was cut is not.
///
/// Additive over lines: the one that each line has more stands for its line break.
package enum ByteTokens {
    package static func count(of text: some StringProtocol) -> Int { text.utf8.count + 1 }

    /// The longest beginning of at most `limit` tokens that ends between two characters.
    package static func prefix(of text: String, limit: Int) -> String {
        guard count(of: text) > limit else { return text }
        let bytes = Array(text.utf8)
        var end = max(0, limit - 1)
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
