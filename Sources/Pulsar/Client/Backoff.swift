/// Waits that double from try to try, up to a bound, each shortened by chance so that clients do not come back in step.
struct Backoff: Hashable, Sendable {
    let first: Duration
    let longest: Duration
    private var next: Duration

    init(first: Duration = .milliseconds(100), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
        next = min(first, longest)
    }

    /// - Parameter unit: a random number in 0…1; the wait lies between half of the bound and the bound.
    mutating func delay(unit: Double = .random(in: 0...1)) -> Duration {
        defer { next = min(next * 2, longest) }
        return next * (0.5 + 0.5 * unit)
    }

    mutating func reset() { next = min(first, longest) }
}
