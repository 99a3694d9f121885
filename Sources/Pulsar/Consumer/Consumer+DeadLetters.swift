import CoreMetrics
import Logging

extension Consumer {
    /// Publishes a message to the retry topic, from where it comes back after `delay`, and acknowledges it.
    ///
    /// Unlike after ``reject(_:)``, the count of tries is in the message and survives a restart of the broker; a message
    /// that was tried often enough goes to the dead letters instead. It is at least once: a failure in between may leave
    /// both.
    /// - Parameter properties: added to the message's.
    /// - Throws: ``PulsarError`` with code `invalidConfiguration` without a policy that uses a retry topic.
    public func reconsumeLater(
        _ message: Message,
        after delay: Duration,
        properties: [String: String] = [:]
    ) async throws {
        guard let deadLetterOffice, configuration.deadLetters?.usesRetryTopic == true else {
            throw PulsarError(.invalidConfiguration, "Set deadLetters with usesRetryTopic to consume a message later.")
        }
        if try await deadLetterOffice.retry(message, after: delay, properties: properties) {
            metrics.deadLetters.increment()
        }
        try await acknowledge(message)
    }

    /// Publishes a message to the dead letters and then acknowledges it; if that fails it is delivered again.
    func setAside(_ message: Message) {
        guard let deadLetterOffice else { return }
        context.jobs.add { [weak self] in
            guard let self else { return }
            do {
                try await deadLetterOffice.setAside(message)
                metrics.deadLetters.increment()
                try await acknowledge(message)
                context.logger.notice(
                    "set a message aside",
                    metadata: ["pulsar_topic": "\(message.topic)", "pulsar_message": "\(message.id)"])
            } catch {
                context.logger.warning(
                    "cannot set a message aside",
                    metadata: ["pulsar_topic": "\(message.topic)", "pulsar_error": "\(error)"])
                redeliver(message, after: configuration.redelivery.longest)
            }
        }
    }
}
