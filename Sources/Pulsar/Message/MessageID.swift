import SwiftProtobuf

/// Where a message is: in which entry of which ledger, and at which place of a batch.
public struct MessageID: Hashable, Sendable {
    public var ledgerID: Int64
    public var entryID: Int64
    /// Of a partitioned topic, counted from 0; -1 for one without partitions.
    public var partition: Int32
    /// The place within a batch, counted from 0; -1 for a message on its own.
    public var batchIndex: Int32
    /// How many messages are in the batch; 0 for a message on its own.
    public var batchSize: Int32
    /// Where a message that was sent in chunks begins; its id names the last chunk.
    public var firstChunk: ChunkStart?

    /// The entry of the first chunk.
    public struct ChunkStart: Hashable, Sendable {
        public var ledgerID: Int64
        public var entryID: Int64
    }

    public init(
        ledgerID: Int64,
        entryID: Int64,
        partition: Int32 = -1,
        batchIndex: Int32 = -1,
        batchSize: Int32 = 0,
        firstChunk: ChunkStart? = nil
    ) {
        self.ledgerID = ledgerID
        self.entryID = entryID
        self.partition = partition
        self.batchIndex = batchIndex
        self.batchSize = batchSize
        self.firstChunk = firstChunk
    }

    /// Before the first message of a topic.
    public static let earliest = MessageID(ledgerID: -1, entryID: -1)
    /// After its last.
    public static let latest = MessageID(ledgerID: .max, entryID: .max)

    /// Whether the broker stored the message: it gives this id to what it dropped from a non-persistent topic, and to
    /// what it recognised as a duplicate.
    public var isStored: Bool { self.ledgerID >= 0 && self.entryID >= 0 }

    /// The id without its place in the batch.
    var entry: EntryID { EntryID(ledgerID: ledgerID, entryID: entryID, partition: partition) }

    /// The id as the official clients write it down: a protobuf of the protocol.
    public var serialized: [UInt8] {
        // Ours lacks no required field, so it can always be written.
        (try? wire.serializedBytes()) ?? []
    }

    /// - Throws: ``PulsarError`` with code `invalidMessage` if these are not the bytes of an id.
    public init(serialized bytes: [UInt8]) throws {
        guard let wire = try? WireMessageID(serializedBytes: bytes), wire.hasLedgerID, wire.hasEntryID else {
            throw PulsarError(.invalidMessage, "These \(bytes.count) bytes are no message id.")
        }
        self.init(wire)
    }
}

/// An entry of a topic: what the broker stores, delivers and has acknowledged as one.
struct EntryID: Hashable, Sendable {
    var ledgerID: Int64
    var entryID: Int64
    var partition: Int32
}

extension MessageID: Comparable {
    /// In the order of a topic's partition. Ids of different partitions have no order that means anything.
    public static func < (left: MessageID, right: MessageID) -> Bool {
        (left.ledgerID, left.entryID, left.batchIndex, left.partition)
            < (right.ledgerID, right.entryID, right.batchIndex, right.partition)
    }
}

extension MessageID: CustomStringConvertible {
    public var description: String { "(\(ledgerID),\(entryID),\(partition),\(batchIndex))" }
}

extension MessageID {
    init(_ wire: WireMessageID) {
        self.init(
            ledgerID: Int64(bitPattern: wire.ledgerID), entryID: Int64(bitPattern: wire.entryID),
            partition: wire.partition, batchIndex: wire.batchIndex, batchSize: wire.batchSize,
            firstChunk: wire.hasFirstChunkMessageID
                ? ChunkStart(
                    ledgerID: Int64(bitPattern: wire.firstChunkMessageID.ledgerID),
                    entryID: Int64(bitPattern: wire.firstChunkMessageID.entryID)) : nil)
    }

    /// With everything that the id knows.
    var wire: WireMessageID {
        var wire = entry.wire
        if batchIndex >= 0 {
            wire.batchIndex = batchIndex
            wire.batchSize = batchSize
        }
        if let firstChunk {
            wire.firstChunkMessageID =
                EntryID(
                    ledgerID: firstChunk.ledgerID, entryID: firstChunk.entryID, partition: partition
                ).wire
        }
        return wire
    }
}

extension EntryID {
    var wire: WireMessageID {
        var wire = WireMessageID()
        wire.ledgerID = UInt64(bitPattern: ledgerID)
        wire.entryID = UInt64(bitPattern: entryID)
        if partition >= 0 { wire.partition = partition }
        return wire
    }
}
