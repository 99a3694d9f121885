import Foundation
import NIOCore
import Pulsar

/// A message as a line of JSON; bytes are Base64.
struct PeerMessage: Codable {
    var payload: Data
    var key: String?
    var orderingKey: Data?
    var properties: [String: String]?
    var eventTime: UInt64?
    var sequenceID: UInt64?
    /// Of a received message only.
    var id: Data?
    var topic: String?
    var producerName: String?
    var redeliveryCount: Int?

    init(_ message: Message) {
        payload = Data(message.payload.readableBytesView)
        key = message.key
        orderingKey = message.orderingKey.map { Data($0) }
        properties = message.properties
        eventTime = message.eventTime
        sequenceID = message.sequenceID
        id = Data(message.id.serialized)
        topic = message.topic
        producerName = message.producerName
        redeliveryCount = message.redeliveryCount
    }

    var outgoing: OutgoingMessage {
        var message = OutgoingMessage(
            ByteBuffer(bytes: payload), key: key, orderingKey: orderingKey.map { [UInt8]($0) },
            properties: properties ?? [:])
        message.eventTime = eventTime
        message.sequenceID = sequenceID
        return message
    }
}
