/// Where the parts of one identifier begin; identifiers have few parts, and more than fit are not split further.
struct PartStarts {
    private var starts: InlineStorage = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    private(set) var count = 0

    private typealias InlineStorage = (
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
    )
    private static let capacity = 12

    /// Takes offsets below ``TermSplitter/longestWord``.
    mutating func append(_ start: Int) {
        guard count < Self.capacity else { return }
        let place = count
        withUnsafeMutableBytes(of: &starts) { $0[place] = UInt8(truncatingIfNeeded: start) }
        count += 1
    }

    subscript(_ part: Int) -> Int {
        withUnsafeBytes(of: starts) { Int($0[part]) }
    }
}
