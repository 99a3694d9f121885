/// Whether it is worth asking another index for vectors: a copy of a codebase has nearly all of them, another one none.
///
/// Asked each time while it helps now and then, and ever more seldom when it does not.
struct SharedInterest: Hashable, Sendable {
    /// Documents in a row that it may know nothing of before it is asked more seldom: what is new in a branch lies together.
    static let patience = 16
    /// The most documents for which it is not asked.
    static let longestPause = 64

    /// Documents for which it will not be asked.
    private var pause = 0
    private var misses = 0

    /// Whether to ask for this document.
    mutating func asks() -> Bool {
        guard pause > 0 else { return true }
        pause -= 1
        return false
    }

    mutating func note(helped: Bool) {
        misses = helped ? 0 : misses + 1
        let beyond = misses - Self.patience
        pause = beyond < 0 ? 0 : min(Self.longestPause, 1 << min(beyond, 16))
    }
}
