/// What a consumer receives, and how.
public struct ConsumerConfiguration: Sendable {
    /// The topics of a consumer.
    public enum Topics: Hashable, Sendable {
        case one(String)
        case several([String])
        /// All of a namespace (`tenant/namespace`) whose full names match the regular expression, those to come
        /// included.
        case pattern(namespace: String, expression: String)
    }

    /// How the consumers of a subscription share its messages.
    public enum SubscriptionType: Hashable, Sendable {
        /// One consumer only.
        case exclusive
        /// Each message to any one of the consumers.
        case shared
        /// All to one consumer; another takes over when it is gone.
        case failover
        /// As shared, but messages of one key to one consumer, in order.
        case keyShared(KeySharedPolicy = KeySharedPolicy())
    }

    /// An end of a topic.
    public enum InitialPosition: Hashable, Sendable { case latest, earliest }

    public var topics: Topics
    public var subscription: String
    public var type: SubscriptionType
    /// Where a subscription that is new begins.
    public var initialPosition: InitialPosition
    /// How many messages of each topic or partition are fetched ahead. **0 fetches none**: the broker is granted one
    /// message for each call of ``Consumer/receive()`` that waits, so that a message never waits behind a busy consumer
    /// while another one idles.
    public var receiverQueueSize: Int
    /// A message that was received and not acknowledged for so long is delivered again; `nil` waits for ever.
    public var acknowledgementTimeout: Duration?
    /// How long a negatively acknowledged message stays away.
    public var redelivery: RedeliveryBackoff
    /// Waits for the broker to confirm each acknowledgement; otherwise one may be lost without anybody noticing.
    public var confirmsAcknowledgements: Bool
    /// Tells the broker which messages of a batch are done. Needs `acknowledgmentAtBatchIndexLevelEnabled` there;
    /// without, a batch is acknowledged when all of its messages are.
    public var acknowledgesBatchIndexes: Bool
    /// Where messages go that fail again and again; `nil` delivers them for ever.
    public var deadLetters: DeadLetterPolicy?
    /// Shown by the broker's statistics. `nil` takes a name at random.
    public var name: String?
    /// Consumers of a lower number are served first, in shared subscriptions.
    public var priorityLevel: Int32
    /// Reads only the last message of each key, where the topic was compacted.
    public var readsCompacted: Bool
    public var metadata: [String: String]

    var isDurable = true
    var start: StartPosition?

    public init(topic: String, subscription: String, type: SubscriptionType = .exclusive) {
        self.init(topics: .one(topic), subscription: subscription, type: type)
    }

    public init(topics: Topics, subscription: String, type: SubscriptionType = .exclusive) {
        self.topics = topics
        self.subscription = subscription
        self.type = type
        initialPosition = .latest
        receiverQueueSize = 1000
        redelivery = RedeliveryBackoff()
        confirmsAcknowledgements = true
        acknowledgesBatchIndexes = false
        priorityLevel = 0
        readsCompacted = false
        metadata = [:]
    }

    /// - Throws: ``PulsarError`` with code `invalidConfiguration`.
    func validate() throws {
        guard !subscription.isEmpty else {
            throw PulsarError(.invalidConfiguration, "A subscription must have a name.")
        }
        guard (0...1_000_000).contains(receiverQueueSize) else {
            throw PulsarError(.invalidConfiguration, "receiverQueueSize must lie in 0…1000000.")
        }
        if let timeout = acknowledgementTimeout, timeout < .milliseconds(100) {
            throw PulsarError(.invalidConfiguration, "acknowledgementTimeout must be at least 100 ms.")
        }
        if let policy = deadLetters {
            guard type.isShared else {
                throw PulsarError(
                    .invalidConfiguration,
                    "Dead letters need a shared or key-shared subscription: only there does the "
                        + "broker count redeliveries of single messages.")
            }
            guard policy.maximumRedeliveries >= 1 else {
                throw PulsarError(.invalidConfiguration, "maximumRedeliveries must be at least 1.")
            }
        }
        if readsCompacted, type.isShared {
            throw PulsarError(.invalidConfiguration, "Compacted topics are read exclusively or with failover.")
        }
    }
}

/// How keys are given to the consumers of a Key_Shared subscription.
public struct KeySharedPolicy: Hashable, Sendable {
    /// The hash ranges of this consumer, within 0…65535; `nil` lets the broker divide them among all consumers.
    public var stickyRanges: [ClosedRange<Int32>]?
    /// Goes on with a key at another consumer while messages of it are still unacknowledged at the first.
    public var allowsOutOfOrderDelivery: Bool

    public init(stickyRanges: [ClosedRange<Int32>]? = nil, allowsOutOfOrderDelivery: Bool = false) {
        self.stickyRanges = stickyRanges
        self.allowsOutOfOrderDelivery = allowsOutOfOrderDelivery
    }
}

/// How long a message that was negatively acknowledged stays away: doubling with each time, from the first delay to the
/// longest.
public struct RedeliveryBackoff: Hashable, Sendable {
    public var first: Duration
    public var longest: Duration

    public init(first: Duration = .seconds(1), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
    }

    /// - Parameter count: how often the message was delivered before.
    func delay(afterRedeliveries count: Int) -> Duration { min(first * (1 << min(max(count, 0), 30)), longest) }
}

/// What becomes of a message that fails again and again.
public struct DeadLetterPolicy: Hashable, Sendable {
    /// Delivered so often again, the message is set aside when it fails once more.
    public var maximumRedeliveries: Int
    /// `nil` names it as the official clients do: `<topic>-<subscription>-DLQ`.
    public var deadLetterTopic: String?
    /// Made with the dead-letter topic, so that retention does not empty it before somebody looks.
    public var initialSubscription: String?
    /// Lets ``Consumer/reconsumeLater(_:after:properties:)`` publish to a retry topic, which this consumer then
    /// receives too. There the count of tries survives a restart of the broker.
    public var usesRetryTopic: Bool
    /// `nil` names it as the official clients do: `<topic>-<subscription>-RETRY`.
    public var retryTopic: String?

    public init(maximumRedeliveries: Int, deadLetterTopic: String? = nil, usesRetryTopic: Bool = false) {
        self.maximumRedeliveries = maximumRedeliveries
        self.deadLetterTopic = deadLetterTopic
        self.usesRetryTopic = usesRetryTopic
    }
}

/// Where a reader begins.
struct StartPosition: Hashable, Sendable {
    var id: MessageID
    var isInclusive: Bool

    /// Whether a message lies at or after the position.
    func includes(_ message: MessageID) -> Bool {
        if id == .earliest || id == .latest { return true }
        let here = (message.ledgerID, message.entryID, message.batchIndex)
        let start = (id.ledgerID, id.entryID, id.batchIndex)
        // An id without a place in the batch names the whole entry.
        if id.batchIndex < 0, (here.0, here.1) == (start.0, start.1) { return isInclusive }
        return isInclusive ? here >= start : here > start
    }

    /// As the broker takes it: it begins after the entry, and one entry earlier for an id within a batch.
    var wire: WireMessageID {
        var wire = id.wire
        if id != .earliest, id != .latest, isInclusive, id.batchIndex < 0 { wire.batchIndex = 0 }
        return wire
    }
}

extension ConsumerConfiguration.SubscriptionType {
    /// Whether messages can be given back one by one for another consumer to take.
    var isShared: Bool {
        switch self {
        case .shared, .keyShared: true
        case .exclusive, .failover: false
        }
    }

    var wire: WireSubscribe.SubType {
        switch self {
        case .exclusive: .exclusive
        case .shared: .shared
        case .failover: .failover
        case .keyShared: .keyShared
        }
    }
}
