package import Hearth

/// Decides whether one more question may wait, and says for how long it will.
///
/// A pure value: measurements go in, a decision comes out.
package struct Admission: Hashable, Sendable {
    package enum Decision: Hashable, Sendable {
        /// - Parameters:
        ///   - position: 1 for the question that is next.
        ///   - wait: seconds until it is begun; `nil` while nothing was measured.
        case admit(position: Int, wait: Double?)
        /// - Parameter retryAfter: seconds until there is room, 1…120.
        case refuse(retryAfter: Int)
    }

    /// Clients do not retry at all when they are told to wait longer.
    package static let longestRetryAfter = 120

    var backlog: TaskBacklog
    var throughput: Throughput
    /// The most questions that may wait.
    var limit: Int
    /// How many are answered at the same time; 0 if it is not known.
    var slots: Int
    /// Questions let in since the backlog was measured.
    var admitted = 0
    /// Questions refused since then: each waits for another place.
    var refused = 0

    package init(backlog: TaskBacklog, throughput: Throughput, limit: Int, slots: Int) {
        self.backlog = backlog
        self.throughput = throughput
        self.limit = limit
        self.slots = slots
    }

    /// Questions that wait, those let in since the measurement included.
    var waiting: Int { max(0, backlog.ready + backlog.waiting + admitted) }

    package mutating func decide() -> Decision {
        guard waiting < limit else {
            refused += 1
            let places = Double(waiting - limit + refused)
            return .refuse(retryAfter: Self.retryAfter(places * (secondsPerAnswer ?? 1)))
        }
        admitted += 1
        // A free slot takes the next question at once.
        let busy = slots > 0 ? backlog.inFlight + waiting - slots : waiting
        let position = max(1, waiting)
        let wait = busy <= 0 ? 0 : secondsPerAnswer.map { Double(busy) * $0 }
        return .admit(position: position, wait: wait)
    }

    static func retryAfter(_ seconds: Double) -> Int { min(max(Int(seconds.rounded(.up)), 1), longestRetryAfter) }

    /// Mean seconds between two answers when all slots are busy; `nil` if nothing was finished lately.
    package var secondsPerAnswer: Double? {
        guard throughput.finished > 0, throughput.meanServiceSeconds > 0 else { return nil }
        // With work waiting, what is in flight shows how many slots there are.
        let parallel = slots > 0 ? slots : max(1, backlog.inFlight)
        return throughput.meanServiceSeconds / Double(parallel)
    }
}
