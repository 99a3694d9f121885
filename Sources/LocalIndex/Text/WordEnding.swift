/// Drops the endings that tell the plural of an English word from its singular, so that "retries" finds "retry".
///
/// Both entries and queries go through it: a wrong guess costs little as long as it is always the same.
enum WordEnding {
    /// The word without its ending. "retry" and "retries" both give "retr", "key" and "keys" both give "key".
    static func dropped(from word: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let count = word.count
        guard count >= 4 else { return word }
        let ending = EndingLetters(last: word[count - 1], second: word[count - 2], third: word[count - 3])
        return UnsafeBufferPointer(rebasing: word[0..<count - ending.length(wordLength: count)])
    }

    private struct EndingLetters {
        let last: UInt8
        let second: UInt8
        let third: UInt8

        private static let e = UInt8(ascii: "e")
        private static let i = UInt8(ascii: "i")
        private static let s = UInt8(ascii: "s")
        private static let u = UInt8(ascii: "u")
        private static let x = UInt8(ascii: "x")
        private static let y = UInt8(ascii: "y")
        private static let vowels: [UInt8] = Array("aeiou".utf8)

        /// How many letters to drop.
        func length(wordLength: Int) -> Int {
            if last == Self.y { return isLetter(second) && !Self.vowels.contains(second) ? 1 : 0 }
            guard last == Self.s, isLetter(second) else { return 0 }
            // "class", "status" and "this" are no plurals.
            if second == Self.s || second == Self.u || second == Self.i { return 0 }
            guard second == Self.e, wordLength >= 5 else { return 1 }
            if third == Self.i, wordLength >= 6 { return 3 }
            // "classes" and "boxes"
            return third == Self.s || third == Self.x ? 2 : 1
        }

        private func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
    }
}
