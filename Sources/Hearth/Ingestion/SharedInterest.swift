/// Whether it is worth asking another index for vectors: a copy of a codebase has nearly all of them, another one none.
///
/// Asked each time while it helps, and ever more seldom when it does not.
struct SharedInterest: Hashable, Sendable {
    /// The most documents for which it is not asked after one that it knew nothing of.
    static let longestPause = 64

    /// Documents for which it will not be asked.
    private var pause = 0
    private var nextPause = 1

    /// Whether to ask for this document.
    mutating func asks() -> Bool {
        guard pause > 0 else { return true }
        pause -= 1
        return false
    }

    mutating func note(helped: Bool) {
        pause = helped ? 0 : nextPause
        nextPause = helped ? 1 : min(Self.longestPause, nextPause * 2)
    }
}
