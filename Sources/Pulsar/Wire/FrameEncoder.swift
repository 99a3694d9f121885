import NIOCore

/// Builds the frames that a client sends, but for those of entries.
enum FrameEncoder {
    /// A frame of a command alone.
    ///
    /// - Throws: ``PulsarError`` with code `invalidMessage` if it cannot be encoded.
    static func encode(_ part: WireCommand.OneOf_Part) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(0))
        try buffer.writeLengthPrefixed(command(part))
        buffer.setInteger(UInt32(buffer.readableBytes - 4), at: 0)
        return buffer
    }

    private static func command(_ part: WireCommand.OneOf_Part) -> WireCommand {
        var command = WireCommand()
        command.part = part
        command.type = part.number
        return command
    }
}

extension WireCommand.OneOf_Part {
    /// The value of `BaseCommand.type`, which is the field's number.
    var number: Int32 {
        switch self {
        case .connect: 2
        case .connected: 3
        case .subscribe: 4
        case .producer: 5
        case .send: 6
        case .sendReceipt: 7
        case .sendError: 8
        case .message: 9
        case .ack: 10
        case .flow: 11
        case .unsubscribe: 12
        case .success: 13
        case .error: 14
        case .closeProducer: 15
        case .closeConsumer: 16
        case .producerSuccess: 17
        case .ping: 18
        case .pong: 19
        case .redeliver: 20
        case .partitionedMetadata: 21
        case .partitionedMetadataResponse: 22
        case .lookup: 23
        case .lookupResponse: 24
        case .reachedEndOfTopic: 27
        case .seek: 28
        case .getLastMessageID: 29
        case .getLastMessageIDResponse: 30
        case .activeConsumerChange: 31
        case .getTopicsOfNamespace: 32
        case .getTopicsOfNamespaceResponse: 33
        case .authChallenge: 36
        case .authResponse: 37
        case .ackResponse: 38
        case .topicMigrated: 68
        }
    }
}
