import Synchronization

/// Reads a topic from a place of the caller's choice, without a subscription that lasts. Made by
/// ``PulsarClient/reader(_:)``.
public final class Reader: Sendable {
    private let consumer: Consumer
    private let start: StartPosition
    private let lastRead = Mutex<[String: MessageID]>([:])

    init(_ consumer: Consumer, start: StartPosition) {
        self.consumer = consumer
        self.start = start
    }

    /// Waits for the next message.
    ///
    /// - Throws: as ``Consumer/receive()``.
    public func read() async throws -> Message {
        let message = try await consumer.receive()
        lastRead.withLock { $0[message.topic] = message.id }
        consumer.acknowledgeWithoutWaiting(message)
        return message
    }

    /// Whether there is a message that was not read yet.
    ///
    /// - Throws: ``PulsarError``.
    public func hasMessageAvailable() async throws -> Bool {
        if consumer.queuedMessages > 0 { return true }
        for (topic, last) in try await consumer.lastMessageIDs() {
            // An empty topic has no last entry.
            guard last.entryID >= 0 else { continue }
            guard let read = lastRead.withLock({ $0[topic] }) else {
                if start.id == .earliest { return true }
                if start.id != .latest, start.includes(last) { return true }
                continue
            }
            if (read.ledgerID, read.entryID) < (last.ledgerID, last.entryID) { return true }
            if (read.ledgerID, read.entryID) == (last.ledgerID, last.entryID), read.batchIndex < last.batchIndex {
                return true
            }
        }
        return false
    }

    /// The id of the last message of each topic or partition.
    ///
    /// - Throws: ``PulsarError``.
    public func lastMessageIDs() async throws -> [String: MessageID] { try await consumer.lastMessageIDs() }

    /// Goes on with the message of that id.
    ///
    /// - Throws: ``PulsarError``.
    public func seek(to id: MessageID) async throws {
        try await consumer.seek(to: id)
        lastRead.withLock { $0 = [:] }
    }

    /// Goes on with the first message that was published at or after a time, in milliseconds since 1970.
    ///
    /// - Throws: ``PulsarError``.
    public func seek(toPublishTime publishTime: UInt64) async throws {
        try await consumer.seek(toPublishTime: publishTime)
        lastRead.withLock { $0 = [:] }
    }

    /// Leaves the topic. Whoever still waits gets an error.
    public func close() async { await consumer.close() }
}

extension Reader: AsyncSequence {
    public struct Iterator: AsyncIteratorProtocol {
        let reader: Reader

        /// The next message; `nil` once the reader was closed or the topic has ended.
        ///
        /// - Throws: as ``Consumer/receive()``.
        public func next() async throws -> Message? {
            do {
                return try await reader.read()
            } catch let error as PulsarError where error.code == .closed || error.code == .topicTerminated {
                return nil
            }
        }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(reader: self) }
}

/// What a reader reads, and from where.
public struct ReaderConfiguration: Sendable {
    /// Where to begin.
    public enum Start: Hashable, Sendable {
        case earliest
        /// With what is published from now on.
        case latest
        case at(MessageID)
        case after(MessageID)
    }

    public var topic: String
    public var start: Start
    public var receiverQueueSize: Int
    /// Reads only the last message of each key, where the topic was compacted.
    public var readsCompacted: Bool

    public init(topic: String, start: Start = .earliest) {
        self.topic = topic
        self.start = start
        receiverQueueSize = 1000
        readsCompacted = false
    }

    var position: StartPosition {
        switch start {
        case .earliest: StartPosition(id: .earliest, isInclusive: true)
        case .latest: StartPosition(id: .latest, isInclusive: false)
        case .at(let id): StartPosition(id: id, isInclusive: true)
        case .after(let id): StartPosition(id: id, isInclusive: false)
        }
    }
}
