import CoreMetrics

/// What a consumer counts.
struct ConsumerMetrics: Sendable {
    let received: Counter
    let acknowledged: Counter
    let rejected: Counter
    let deadLetters: Counter

    init(subscription: String) {
        let labels = [("subscription", subscription)]
        received = Counter(label: "pulsar_consumer_messages_received_total", dimensions: labels)
        acknowledged = Counter(label: "pulsar_consumer_messages_acknowledged_total", dimensions: labels)
        rejected = Counter(label: "pulsar_consumer_messages_rejected_total", dimensions: labels)
        deadLetters = Counter(label: "pulsar_consumer_dead_letters_total", dimensions: labels)
    }
}
