/// Changes of the scratch projects, and the cases that hold after them.
struct Chapter: Hashable, Sendable {
    var name: String
    var changes: [ProjectSlot: [FileChange]] = [:]
    var cases: [VerifyCase] = []
}
