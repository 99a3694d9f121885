import NIOCore

/// What the broker confirmed: an entry of a producer, and the id that it has got.
struct SendReceipt: Hashable, Sendable {
    var producerID: UInt64 = 0
    var sequenceID: UInt64 = 0
    var id = MessageID(ledgerID: 0, entryID: 0)

    init(_ wire: WireSendReceipt) {
        producerID = wire.producerID
        sequenceID = wire.sequenceID
        id = MessageID(wire.messageID)
    }
}

extension SendReceipt {
    /// Reads a command in its place, because one comes for every entry.
    ///
    /// - Returns: `nil` if it is another command, or holds what this reader does not know.
    init?(command bytes: UnsafeRawBufferPointer) {
        // Brokers write the type first.
        guard bytes.count > 2, bytes[0] == 0x08, bytes[1] == 0x07 else { return nil }
        var reader = ProtobufReader(UnsafeRawBufferPointer(rebasing: bytes[2...]))
        guard reader.varint() == 7 << 3 | 2, var receipt = reader.message(), reader.isAtEnd else { return nil }
        while !receipt.isAtEnd {
            switch receipt.varint() {
            case 1 << 3:
                guard let value = receipt.varint() else { return nil }
                producerID = value
            case 2 << 3:
                guard let value = receipt.varint() else { return nil }
                sequenceID = value
            case 3 << 3 | 2:
                guard let message = receipt.message(), readID(message) else { return nil }
            case 4 << 3:
                // The last number of a batch, which its first one names as well.
                guard receipt.varint() != nil else { return nil }
            default: return nil
            }
        }
    }

    private mutating func readID(_ message: ProtobufReader) -> Bool {
        var message = message
        while !message.isAtEnd {
            guard let tag = message.varint(), let value = message.varint() else { return false }
            switch tag {
            case 1 << 3: id.ledgerID = Int64(bitPattern: value)
            case 2 << 3: id.entryID = Int64(bitPattern: value)
            case 3 << 3: id.partition = Int32(truncatingIfNeeded: value)
            case 4 << 3: id.batchIndex = Int32(truncatingIfNeeded: value)
            case 6 << 3: id.batchSize = Int32(truncatingIfNeeded: value)
            default: return false
            }
        }
        return true
    }
}
