import Hearth

/// Estimates how much a mean depends on which questions were drawn (Efron's percentile bootstrap).
///
/// All means of one bootstrap are taken over the same redrawn questions, so that differences of two lists are paired.
public struct Bootstrap: Sendable {
    public static let rounds = 1000

    private let count: Int
    /// For each round the questions drawn, with repetition.
    private let draws: [[Int32]]

    /// - Parameter count: the number of questions.
    public init(seed: UInt64, count: Int, rounds: Int = Self.rounds) {
        self.count = count
        var random = SplitMix64(seed: seed)
        draws =
            count == 0
            ? [] : (0..<rounds).map { _ in (0..<count).map { _ in Int32(random.next(below: count)) } }
    }

    /// The mean of one value for each question.
    public func interval(of values: [Double]) -> Interval {
        guard count > 0, values.count == count else { return Interval(value: 0, low: 0, high: 0) }
        let means = draws.map { draw in
            draw.reduce(0.0) { $0 + values[Int($1)] } / Double(count)
        }.sorted()
        let tail = means.count / 40
        return Interval(
            value: values.reduce(0, +) / Double(count), low: means[tail], high: means[means.count - 1 - tail])
    }

    /// The mean of the differences `values - others`.
    public func difference(_ values: [Double], _ others: [Double]) -> Interval {
        interval(of: zip(values, others).map { $0 - $1 })
    }
}
