/// What messages of one batch have in common.
enum BatchKey: Hashable, Sendable {
    case any
    case text(String)
    case bytes([UInt8])

    init(_ message: OutgoingMessage) {
        if let orderingKey = message.orderingKey {
            self = .bytes(orderingKey)
        } else if let key = message.key {
            self = .text(key)
        } else {
            self = .any
        }
    }
}
