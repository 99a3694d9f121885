import CoreMetrics
import Hearth
import Metrics

/// What the gateway measures.
struct Instruments: Sendable {
    let timeToFirstToken: Timer
    let openStreams: Meter
    private let factory: any MetricsFactory

    init(factory: any MetricsFactory) {
        self.factory = factory
        timeToFirstToken = Timer(label: "hearth_time_to_first_token", factory: factory)
        openStreams = Meter(label: "hearth_open_streams", factory: factory)
    }

    /// - Parameter route: the pattern, never the path: its values are few.
    func request(method: String, route: String, status: Int, duration: Duration) {
        // Clients choose the method freely.
        let method = ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"].contains(method) ? method : "other"
        Counter(
            label: "hearth_http_requests",
            dimensions: [("method", method), ("route", route), ("status", "\(status)")], factory: factory
        ).increment()
        Timer(label: "hearth_http_request", dimensions: [("route", route)], factory: factory).record(duration: duration)
    }

    /// - Parameter outcome: `completed`, `failed`, `cancelled`, `disconnected` or `refused`.
    func count(outcome: String) {
        Counter(label: "hearth_answers", dimensions: [("outcome", outcome)], factory: factory).increment()
    }

    func record(_ backlog: TaskBacklog, of topic: TaskTopic) {
        let values = [
            ("hearth_tasks_ready", Double(backlog.ready)), ("hearth_tasks_waiting", Double(backlog.waiting)),
            ("hearth_tasks_in_flight", Double(backlog.inFlight)), ("hearth_dead_letters", Double(backlog.deadLetters)),
            ("hearth_oldest_ready_task_seconds", backlog.oldestReadyAge),
        ]
        for (label, value) in values {
            Meter(label: label, dimensions: [("topic", topic.rawValue)], factory: factory).set(value)
        }
    }
}
