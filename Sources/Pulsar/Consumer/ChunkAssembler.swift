import DequeModule
import NIOCore

/// Puts messages together that were sent in chunks.
///
/// Bounded: beyond `capacity` unfinished messages the oldest is given up; its chunks are handed back to the broker.
struct ChunkAssembler {
    enum Outcome {
        /// More chunks are to come.
        case incomplete
        /// The payload, still compressed, and the entries that it came in.
        case complete(payload: ByteBuffer, entries: [EntryID])
        /// The chunk fits none that came before.
        case orphan
    }

    /// How old, in milliseconds, a chunk may become that fits no message; the official clients' 60 s.
    static let patience: Int64 = 60_000

    private struct Partial {
        var payload: ByteBuffer
        var entries: [EntryID]
        let total: Int32
        let size: Int32
    }

    private var partials: [String: Partial] = [:]
    private var order: Deque<String> = []
    private let capacity: Int

    init(capacity: Int = 100) { self.capacity = capacity }

    /// - Returns: what became of the chunk, and the entries of a message that was given up for it.
    mutating func add(
        _ payload: ByteBuffer,
        entry: EntryID,
        metadata: WireMessageMetadata
    ) -> (Outcome, abandoned: [EntryID]) {
        let uuid = metadata.uuid
        var abandoned: [EntryID] = []
        let (total, size) = (metadata.numChunksFromMsg, metadata.totalChunkMsgSize)
        guard total > 0, size >= 0, size <= EntryReader.largestPayload, (0..<total).contains(metadata.chunkID) else {
            return (.orphan, [])
        }
        if let partial = partials[uuid], partial.entries.contains(entry) {
            // A broker may deliver a chunk twice.
            return (.incomplete, [])
        }
        if metadata.chunkID == 0 {
            // A message that was published again begins anew.
            if partials[uuid] == nil { order.append(uuid) }
            partials[uuid] = Partial(payload: ByteBuffer(), entries: [], total: total, size: size)
            if partials.count > capacity {
                while let oldest = order.popFirst() {
                    guard let given = partials.removeValue(forKey: oldest) else { continue }
                    abandoned = given.entries
                    break
                }
            }
        }
        guard var partial = partials[uuid], partial.total == total, partial.size == size,
            Int(metadata.chunkID) == partial.entries.count,
            partial.payload.readableBytes + payload.readableBytes <= Int(size)
        else { return (.orphan, abandoned) }
        partial.payload.writeImmutableBuffer(payload)
        partial.entries.append(entry)
        guard partial.entries.count == Int(total) else {
            partials[uuid] = partial
            return (.incomplete, abandoned)
        }
        partials[uuid] = nil
        order.removeAll { $0 == uuid }
        guard partial.payload.readableBytes == Int(size) else { return (.orphan, abandoned) }
        return (.complete(payload: partial.payload, entries: partial.entries), abandoned)
    }

    mutating func clear() { (partials, order) = ([:], []) }
}
