import NIOCore

/// The entries that the application has and has not acknowledged, with the time at which they are overdue.
struct AcknowledgementTimer {
    struct Item: Hashable {
        let source: SourceID
        let entry: EntryID
    }

    private let timeout: TimeAmount
    private var deadlines: [Item: NIODeadline] = [:]

    init(timeout: TimeAmount) { self.timeout = timeout }

    mutating func handedOut(_ item: Item, now: NIODeadline) { deadlines[item] = now + timeout }
    mutating func finished(_ item: Item) { deadlines[item] = nil }
    mutating func forget(_ source: SourceID) { deadlines = deadlines.filter { $0.key.source != source } }

    /// Takes out what is overdue.
    mutating func expire(now: NIODeadline) -> [Item] {
        let expired = deadlines.filter { $0.value <= now }.map(\.key)
        for item in expired { deadlines[item] = nil }
        return expired
    }
}
