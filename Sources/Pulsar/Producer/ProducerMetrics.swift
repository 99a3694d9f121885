import CoreMetrics

/// What a producer counts. Labelled with the topic, not with the producer: those come and go.
struct ProducerMetrics: Sendable {
    private let sent: Counter
    private let failed: Counter
    private let dropped: Counter
    private let reconnects: Counter

    init(topic: TopicName) {
        let labels = [("topic", topic.description)]
        sent = Counter(label: "pulsar_producer_messages_sent_total", dimensions: labels)
        failed = Counter(label: "pulsar_producer_messages_failed_total", dimensions: labels)
        dropped = Counter(label: "pulsar_producer_messages_dropped_total", dimensions: labels)
        reconnects = Counter(label: "pulsar_producer_reconnects_total", dimensions: labels)
    }

    /// A message that the broker took and did not store (non-persistent topics, duplicates) counts as dropped.
    func finished(_ results: some Sequence<Result<MessageID, PulsarError>>) {
        var counts = (sent: 0, dropped: 0, failed: 0)
        for result in results {
            switch result {
            case .success(let id) where id.isStored: counts.sent += 1
            case .success: counts.dropped += 1
            case .failure: counts.failed += 1
            }
        }
        if counts.sent > 0 { sent.increment(by: counts.sent) }
        if counts.dropped > 0 { dropped.increment(by: counts.dropped) }
        if counts.failed > 0 { failed.increment(by: counts.failed) }
    }

    func reconnected() { reconnects.increment() }
}
