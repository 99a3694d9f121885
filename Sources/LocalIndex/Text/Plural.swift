/// Drops the plural ending of English words, so that "retries" finds "retry".
///
/// Both entries and queries go through it: a wrong guess costs little as long as it is always the same.
enum Plural {
    static func singular(_ word: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let count = word.count
        guard count >= 4, word[count - 1] == s else { return word }
        let before = word[count - 2]
        // "class", "status" and "this" are no plurals; neither is anything that ends in a digit and s.
        guard before != s, before != u, before != i, (0x61...0x7A).contains(before) else { return word }
        if before == e, count >= 5 {
            // "classes" and "boxes"
            if word[count - 3] == x || (word[count - 3] == s && word[count - 4] == s) {
                return UnsafeBufferPointer(rebasing: word[0..<count - 2])
            }
        }
        return UnsafeBufferPointer(rebasing: word[0..<count - 1])
    }

    private static let e: UInt8 = 0x65
    private static let i: UInt8 = 0x69
    private static let s: UInt8 = 0x73
    private static let u: UInt8 = 0x75
    private static let x: UInt8 = 0x78
}
