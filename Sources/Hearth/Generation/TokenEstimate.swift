/// Guesses how many tokens an LLM makes of a text whose tokenizer is not at hand.
///
/// Three bytes a token is on the safe side for code (2.5–3.6 bytes measured) and exact enough for CJK, where a
/// character has three bytes and is about one token.
public enum TokenEstimate {
    /// Tokens that the chat template spends on each message.
    public static let perMessage = 6

    /// Tokens of a text alone.
    public static func tokens(of text: String) -> Int { (text.utf8.count + 2) / 3 }

    /// Tokens of a conversation, with what the chat template adds.
    public static func tokens(of messages: [ChatMessage]) -> Int {
        messages.reduce(0) { $0 + perMessage + tokens(of: $1.content) }
    }
}
