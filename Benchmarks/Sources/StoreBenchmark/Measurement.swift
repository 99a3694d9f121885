import Foundation

/// How fast a piece of work is that several lanes repeat.
struct Measurement: Sendable {
    let perSecond: Double
    /// Milliseconds, in order.
    private let durations: [Double]

    /// Repeats the work on every lane until the time is over.
    init(
        lanes: Int,
        seconds: Double,
        _ work: @escaping @Sendable (_ lane: Int, _ number: Int) async throws -> Void
    ) async throws {
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        durations = try await withThrowingTaskGroup(of: [Double].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var durations: [Double] = []
                    while ContinuousClock.now < end {
                        let start = ContinuousClock.now
                        try await work(lane, durations.count)
                        durations.append(start.duration(to: .now) / .milliseconds(1))
                    }
                    return durations
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }.sorted()
        perSecond = Double(durations.count) / (begin.duration(to: .now) / .seconds(1))
    }

    func percentile(_ share: Double) -> Double {
        durations[min(durations.count - 1, Int(Double(durations.count) * share))]
    }

    /// Median and 99th percentile, as a cell of a table.
    var cell: String { String(format: "%.2f / %.2f", percentile(0.5), percentile(0.99)) }
}
