/// One typing error: a letter too many, too few or wrong, or two neighbours exchanged (Damerau, CACM 1964).
enum TypingError {
    /// Whether exactly one error makes one word of the other.
    static func separates(_ left: [Character], _ right: [Character]) -> Bool {
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        guard long.count - short.count <= 1, short != long else { return false }
        let place = zip(short, long).prefix { $0 == $1 }.count
        if short.count < long.count { return short[place...] == long[(place + 1)...] }
        if short[(place + 1)...] == long[(place + 1)...] { return true }
        return place + 1 < short.count && short[place] == long[place + 1] && short[place + 1] == long[place]
            && short[(place + 2)...] == long[(place + 2)...]
    }
}
