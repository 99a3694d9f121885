/// A set of small numbers, one bit each, in words that the vector scan reads as they are.
struct Bitmap: Sendable, Hashable {
    private(set) var words: [UInt64]

    /// Has room for the numbers below `count`.
    init(count: Int) {
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    func contains(_ number: Int) -> Bool {
        number >= 0 && number >> 6 < words.count && words[number >> 6] >> UInt64(number & 63) & 1 == 1
    }

    /// The number must be within the room given.
    mutating func insert(_ number: Int) {
        words[number >> 6] |= 1 << UInt64(number & 63)
    }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
