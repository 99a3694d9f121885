public import CoreMetrics
import Synchronization

/// Collects swift-metrics and writes them as Prometheus reads them (text format 0.0.4).
///
/// Series per name are bounded: labels come from clients, memory does not. What exceeds the bound is counted in one
/// series with the label `overflow="true"`.
public final class PrometheusMetrics: MetricsFactory {
    private enum Kind: String { case counter, gauge, histogram }

    private struct Family {
        let kind: Kind
        var series: [String: any MetricSeries] = [:]
    }

    /// The most series of one name.
    static let seriesLimit = 500

    private let families = Mutex<[String: Family]>([:])

    public init() {}

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter, suffix: "_total") { CounterSeries() }
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        series(label, dimensions, .counter, suffix: "_total") { CounterSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { GaugeSeries() }
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            series(label, dimensions, .histogram) { HistogramSeries() }
        } else {
            series(label, dimensions, .gauge) { GaugeSeries() }
        }
    }

    /// Timers are histograms in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram, suffix: "_seconds") { HistogramSeries() }
    }

    // Series live as long as the process: a counter that went away would read as a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// All series, ordered by name and labels.
    public func text() -> String {
        let snapshot = families.withLock { $0 }
        var lines: [String] = []
        for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
            lines.append("# TYPE \(name) \(family.kind.rawValue)")
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                lines += series.lines(name: name, labels: labels)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func series<Series: MetricSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: Kind,
        suffix: String = "",
        make: () -> Series
    ) -> Series {
        var name = Self.name(label)
        if !name.hasSuffix(suffix) { name += suffix }
        let labels = Self.labels(dimensions)
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind)
            // A name that is used for two kinds is a mistake of the code: the second one is measured but not shown.
            guard family.kind == kind else { return make() }
            let key =
                family.series[labels] == nil && family.series.count >= Self.seriesLimit ? #"overflow="true""# : labels
            let series = family.series[key] as? Series ?? make()
            family.series[key] = series
            families[name] = family
            return series
        }
    }

    static func name(_ label: String) -> String {
        let text = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" || $0 == ":" ? $0 : "_" })
        return text.first?.isNumber ?? true ? "_" + text : text
    }

    private static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { key, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name(key))=\"\(escaped)\""
        }.joined(separator: ",")
    }
}
