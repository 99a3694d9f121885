/// How a producer publishes.
public struct ProducerConfiguration: Sendable {
    public var topic: String
    /// Unique in the cluster. Give one to go on with a sequence after a restart, where the broker deduplicates; `nil`
    /// takes one from the broker.
    public var name: String?
    public var accessMode: AccessMode
    /// `nil` sends every message in an entry of its own.
    public var batching: BatchingConfiguration?
    public var compression: CompressionCodec
    /// Sends what is larger than the broker takes in several pieces; consumers put them together. Otherwise such a
    /// message is refused.
    public var allowsChunking: Bool
    /// How many messages, and how many bytes of them, may wait for their receipts. `send` waits while it is more.
    public var maximumPendingMessages: Int
    public var maximumPendingBytes: Int
    /// After so long without a receipt a send fails; `nil` keeps trying until the client is closed.
    public var sendTimeout: Duration?
    public var routing: MessageRouting
    /// Made with the topic if it is not there yet, so that nothing published before the first consumer is lost.
    public var initialSubscription: String?
    /// Shown by the broker's statistics.
    public var metadata: [String: String]

    /// Who else may publish to the topic.
    public enum AccessMode: Hashable, Sendable {
        case shared
        /// Fails if anybody else publishes.
        case exclusive
        /// Waits until nobody else does.
        case waitForExclusive
        /// Takes over; whoever published before is fenced off.
        case exclusiveWithFencing
    }

    public init(topic: String) {
        self.topic = topic
        accessMode = .shared
        batching = BatchingConfiguration()
        compression = .none
        allowsChunking = false
        maximumPendingMessages = 1000
        maximumPendingBytes = 64 * 1024 * 1024
        sendTimeout = .seconds(30)
        routing = MessageRouting()
        metadata = [:]
    }

    /// - Throws: ``PulsarError`` with code `invalidConfiguration`.
    func validate() throws {
        guard maximumPendingMessages > 0, maximumPendingBytes > 0 else {
            throw PulsarError(.invalidConfiguration, "maximumPendingMessages and maximumPendingBytes must be positive.")
        }
        if let batching {
            guard batching.maximumMessages > 0, batching.maximumBytes > 0 else {
                throw PulsarError(.invalidConfiguration, "A batch must have room for a message.")
            }
            guard !allowsChunking else {
                throw PulsarError(
                    .invalidConfiguration, "Batching and chunking exclude each other: set batching to nil.")
            }
        }
        if let name, name.isEmpty { throw PulsarError(.invalidConfiguration, "A producer's name must not be empty.") }
    }
}

/// When messages are put together into one entry.
///
/// A message that finds nothing on its way leaves at once; those that come while receipts are awaited leave together,
/// when the last receipt is in or one of the limits is reached. So a lone message is not delayed, and many are batched.
public struct BatchingConfiguration: Hashable, Sendable {
    public var maximumMessages: Int
    public var maximumBytes: Int
    /// The longest that a message waits for company.
    public var maximumDelay: Duration
    /// Puts only messages of the same key together, which Key_Shared subscriptions need: a batch is given to one
    /// consumer as a whole.
    public var separatesKeys: Bool

    public init(
        maximumMessages: Int = 1000,
        maximumBytes: Int = 128 * 1024,
        maximumDelay: Duration = .milliseconds(10),
        separatesKeys: Bool = false
    ) {
        self.maximumMessages = maximumMessages
        self.maximumBytes = maximumBytes
        self.maximumDelay = maximumDelay
        self.separatesKeys = separatesKeys
    }
}
