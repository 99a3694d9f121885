/// Whether the preferred of two generators is used, and when to look again.
///
/// A pure state machine: whoever uses it asks a server and tells the outcome.
package struct GeneratorChoice: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case undecided
        case preferred
        /// The preferred generator did not answer; look again at this time.
        case fallback(until: ContinuousClock.Instant)
    }

    package private(set) var state = State.undecided
    private let recheck: Duration

    package init(recheck: Duration) { self.recheck = recheck }

    /// Whether the preferred generator is to be asked now.
    package func asks(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .undecided, .preferred: true
        case .fallback(let until): now >= until
        }
    }

    /// Notes that the preferred generator answered. Returns whether that is news.
    package mutating func succeeded() -> Bool {
        defer { state = .preferred }
        return state != .preferred
    }

    /// Notes that it did not. Returns whether that is news.
    package mutating func failed(at now: ContinuousClock.Instant) -> Bool {
        let isNews = if case .fallback = state { false } else { true }
        state = .fallback(until: now + recheck)
        return isNews
    }
}
