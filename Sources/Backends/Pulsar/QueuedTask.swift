import FoundationEssentials
import Hearth
import NIOCore
import Pulsar

/// A task with the message of the queue that it came in.
struct QueuedTask: Sendable {
    private static let property = "hearth.task"

    let task: TaskMessage
    let publishedAt: Date
    let message: Pulsar.Message
    let consumer: Consumer

    /// - Throws: ``TaskBusError`` with code `corrupt` if the message is no task.
    init(_ message: Pulsar.Message, from consumer: Consumer) throws {
        guard let text = message.properties[Self.property] else {
            throw TaskBusError(.corrupt, "The message \(message.id) of \(message.topic) is no task.")
        }
        do {
            let header = try TaskCoding.decode(Header.self, from: Data(text.utf8))
            task = header.message(payload: Data(message.payload.readableBytesView))
        } catch {
            throw TaskBusError(
                .corrupt, "The task in message \(message.id) of \(message.topic) cannot be read.", underlying: error)
        }
        publishedAt = Date(timeIntervalSince1970: Double(message.publishTime) / 1000)
        self.message = message
        self.consumer = consumer
    }

    var ticket: String { Self.ticket(message.id, task.priority) }

    /// Tells the messages of all queues of a topic apart.
    static func ticket(_ id: MessageID, _ priority: TaskPriority) -> String { "\(priority)\(id)" }

    /// A dead letter stands in the journal as text, with its payload in Base64, and has to fit into the 5 MiB of a
    /// broker's default: a task that could not be set aside would come again for ever.
    static let largestPayload = 3_500_000

    /// - Throws: ``TaskBusError`` with code `invalid` if the payload is too large.
    static func outgoing(_ task: TaskMessage) throws -> OutgoingMessage {
        guard task.payload.count <= largestPayload else {
            throw TaskBusError(
                .invalid,
                "The task has \(task.payload.count) bytes; the bus takes \(largestPayload) at most. Send less text.")
        }
        let header = String(decoding: try TaskCoding.encode(Header(task)), as: UTF8.self)
        return OutgoingMessage(
            ByteBuffer(bytes: task.payload), key: task.orderingKey ?? task.id, properties: [property: header])
    }

    /// A task without its payload, which the message carries as it is.
    private struct Header: Codable {
        let id: String
        let topic: TaskTopic
        let priority: TaskPriority
        let orderingKey: String?
        let notBefore: Date?
        let expiresAt: Date?
        let properties: [String: String]

        init(_ task: TaskMessage) {
            id = task.id
            topic = task.topic
            priority = task.priority
            orderingKey = task.orderingKey
            notBefore = task.notBefore
            expiresAt = task.expiresAt
            properties = task.properties
        }

        func message(payload: Data) -> TaskMessage {
            TaskMessage(
                id: id, topic: topic, priority: priority, orderingKey: orderingKey, notBefore: notBefore,
                expiresAt: expiresAt, properties: properties, payload: payload)
        }
    }
}
