import NIOCore

/// What one frame from the broker holds.
enum Frame: Sendable {
    case command(WireCommand.OneOf_Part)
    case message(WireMessage, Entry)
    /// All that came together, in order; at least one.
    case receipts([SendReceipt])
    /// A command that this client does not know. The connection goes on: a broker that is newer than we are must not
    /// be left for it.
    case unknown
}

/// An entry of a topic as it is stored: one message, or a batch of them.
enum Entry: Sendable {
    case intact(WireMessageMetadata, payload: ByteBuffer, index: UInt64?)
    /// The checksum does not fit, or the metadata cannot be read: the message is lost, the stream is not.
    case damaged(WireAck.ValidationError)
}

/// Constants of the framing. All integers are big-endian.
enum FrameFormat {
    /// Before the CRC-32C of an entry.
    static let checksumMagic: UInt16 = 0x0e01
    /// Before the broker's own metadata of an entry.
    static let brokerMetadataMagic: UInt16 = 0x0e02
    /// The largest message of a broker that names no limit.
    static let defaultMaximumMessageSize = 5 * 1024 * 1024
    /// What a frame may hold beyond its message: command and metadata.
    static let frameAllowance = 10 * 1024
}
