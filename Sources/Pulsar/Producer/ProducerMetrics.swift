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
    func finished(_ result: Result<MessageID, PulsarError>) {
        switch result {
        case .success(let id): (id.isStored ? sent : dropped).increment()
        case .failure: failed.increment()
        }
    }

    func reconnected() { reconnects.increment() }
}
