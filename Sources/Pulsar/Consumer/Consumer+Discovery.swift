import Logging
import Synchronization

extension Consumer {
    /// Subscribes to the partitions of a topic, or to the topic if it has none.
    ///
    /// - Throws: ``PulsarError``; `CancellationError`.
    func addAll(of topic: TopicName) async throws {
        let count = topic.partition == nil ? try await context.lookup.partitions(of: topic) : 0
        guard count > 0 else {
            if !knows(topic) { try await add(topic) }
            return
        }
        for number in 0..<count where !knows(topic.partition(number)) { try await add(topic.partition(number)) }
    }

    private func knows(_ topic: TopicName) -> Bool { sessions.contains { $0.topic == topic } }

    /// Looks from time to time for new partitions, and for topics of a pattern that came or went. Runs until closed.
    func watch(_ topics: ConsumerTopics) async {
        while (try? await Task.sleep(for: context.configuration.discoveryInterval)) != nil {
            guard !state.withLock({ $0.isClosed }) else { return }
            do {
                try await discover(topics)
            } catch {
                context.logger.warning("cannot look for new topics", metadata: ["pulsar_error": "\(error)"])
            }
        }
    }

    private func discover(_ topics: ConsumerTopics) async throws {
        switch topics {
        case .named(let names): for name in names { try await addAll(of: name) }
        case .pattern(let pattern):
            let found = try await pattern.topics(context.lookup)
            for topic in found where !knows(topic) { try await add(topic) }
            for session in sessions where !found.contains(session.topic) { await remove(session) }
        }
    }
}

/// The topics of a consumer, names checked.
enum ConsumerTopics: Sendable {
    case named([TopicName])
    case pattern(TopicPattern)
}

/// All topics of a namespace whose names match a regular expression.
struct TopicPattern: Sendable {
    let namespace: String
    let expression: String

    /// - Throws: ``PulsarError`` with code `invalidTopic`.
    init(namespace: String, expression: String) throws {
        self.namespace = namespace
        self.expression = expression
        guard namespace.split(separator: "/").count == 2 else {
            throw PulsarError(.invalidTopic, "'\(namespace)' is no namespace: expected tenant/namespace.")
        }
        do {
            _ = try Regex(expression)
        } catch {
            throw PulsarError(.invalidTopic, "'\(expression)' is no regular expression.", underlying: error)
        }
    }

    /// Whether the expression fits the topic's full name, or its local one. Partitions are matched by their topic.
    func matches(_ topic: TopicName) -> Bool {
        guard let regex = try? Regex(expression) else { return false }
        let whole = topic.sibling(suffix: "").description
        return whole.wholeMatch(of: regex) != nil || topic.localName.wholeMatch(of: regex) != nil
    }

    func topics(_ lookup: TopicLookup) async throws -> [TopicName] {
        try await lookup.topics(in: namespace, mode: .all).compactMap { try? TopicName($0) }.filter(matches)
    }
}
