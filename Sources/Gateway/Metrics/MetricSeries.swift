import CoreMetrics
import Synchronization

/// One line, or one group of lines, of the metrics.
protocol MetricSeries: AnyObject, Sendable {
    func lines(name: String, labels: String) -> [String]
}

extension MetricSeries {
    fileprivate func line(_ name: String, _ labels: String, _ value: Double) -> String {
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
        return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number)"
    }
}

final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func reset() { value.withLock { $0 = 0 } }
    func lines(name: String, labels: String) -> [String] { [line(name, labels, value.withLock { $0 })] }
}

final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { value.withLock { $0 = Double(new) } }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(new) }
    func record(_ new: Double) { set(new) }
    func lines(name: String, labels: String) -> [String] { [line(name, labels, value.withLock { $0 })] }
}

/// Counts values by size; of timers in seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct State {
        var counts = [Int](repeating: 0, count: HistogramSeries.bounds.count)
        var count = 0
        var sum = 0.0
    }

    /// From half a millisecond to ten minutes.
    static let bounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
    ]

    private let state = Mutex(State())

    func record(_ value: Double) {
        state.withLock { state in
            state.count += 1
            state.sum += value
            if let place = Self.bounds.firstIndex(where: { value <= $0 }) { state.counts[place] += 1 }
        }
    }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func lines(name: String, labels: String) -> [String] {
        let state = state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var total = 0
        var lines: [String] = []
        for (bound, count) in zip(Self.bounds, state.counts) {
            total += count
            lines.append(line(name + "_bucket", prefix + "le=\"\(bound)\"", Double(total)))
        }
        lines.append(line(name + "_bucket", prefix + "le=\"+Inf\"", Double(state.count)))
        lines.append(line(name + "_sum", labels, state.sum))
        lines.append(line(name + "_count", labels, Double(state.count)))
        return lines
    }
}
