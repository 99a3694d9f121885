package import Hearth

/// Puts the events of one answer into order, however they arrive.
///
/// A pure value. Events come from two sides, live and from the ledger, in any order and more than once; each is given
/// out once, in sequence.
package struct ReplySequencer {
    /// The sequence number of the last event that was given out.
    package private(set) var last: Int
    /// Whether the terminal event was given out.
    package private(set) var hasEnded = false
    private var held: [Int: ReplyEvent] = [:]
    private let capacity: Int

    /// - Parameters:
    ///   - last: what the reader has already.
    ///   - capacity: the most events that wait for one before them; the ledger has what does not fit.
    package init(after last: Int = 0, capacity: Int = 256) {
        self.last = last
        self.capacity = capacity
    }

    package mutating func receive(_ event: ReplyEvent) {
        guard !hasEnded, event.sequence > last else { return }
        if let known = held[event.sequence] {
            // A replayed dead letter takes its failure back: the younger attempt is right.
            if event.attempt > known.attempt { held[event.sequence] = event }
        } else if held.count < capacity || event.sequence == last + 1 {
            held[event.sequence] = event
        }
    }

    /// The next event, if it is here.
    package mutating func next() -> ReplyEvent? {
        guard let event = held.removeValue(forKey: last + 1) else { return nil }
        last = event.sequence
        if event.isTerminal { end() }
        return event
    }

    /// Nothing will follow.
    mutating func end() {
        hasEnded = true
        held = [:]
    }

    /// Whether events wait for one that has not come.
    package var hasGap: Bool { !held.isEmpty && held[last + 1] == nil }
}
