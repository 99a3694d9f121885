import DequeModule

/// Which messages of which batches are done: the broker acknowledges entries.
///
/// Bounded: beyond `capacity` batches the oldest is forgotten, and delivered again as a whole if need be.
struct BatchAcknowledgements: Sendable {
    enum Outcome: Equatable {
        /// The entry is done.
        case entry
        /// Words of 64 bits, least significant first; 1 = not done yet.
        case partial([Int64])
        /// It was done before.
        case nothing
    }

    private var open: [EntryID: [UInt64]] = [:]
    private var order: Deque<EntryID> = []
    private let capacity: Int

    init(capacity: Int = 50_000) { self.capacity = capacity }

    /// Notes a batch that was delivered; one that is known already keeps its state.
    mutating func delivered(_ entry: EntryID, size: Int) {
        guard size > 1, open[entry] == nil else { return }
        open[entry] = Self.words(size)
        order.append(entry)
        if open.count > capacity {
            while let oldest = order.popFirst() {
                if open.removeValue(forKey: oldest) != nil { break }
            }
        }
        if order.count > 2 * capacity { order.removeAll { open[$0] == nil } }
    }

    /// Whether a message was acknowledged here, although the broker has it delivered again with its batch.
    func isDone(_ id: MessageID) -> Bool {
        guard id.batchIndex >= 0, let words = open[id.entry] else { return false }
        let (word, bit) = Int(id.batchIndex).quotientAndRemainder(dividingBy: 64)
        return word < words.count && words[word] & (1 << UInt64(bit)) == 0
    }

    mutating func acknowledge(_ id: MessageID) -> Outcome {
        guard id.batchIndex >= 0, id.batchSize > 1 else { return .entry }
        // One that was forgotten: only the whole can still be told.
        guard var words = open[id.entry] else { return .nothing }
        let (word, bit) = Int(id.batchIndex).quotientAndRemainder(dividingBy: 64)
        guard word < words.count else { return .nothing }
        words[word] &= ~(1 << UInt64(bit))
        return settle(id.entry, words)
    }

    /// As ``acknowledge(_:)``, for the message and all before it in its batch.
    mutating func acknowledgeUpTo(_ id: MessageID) -> Outcome {
        guard id.batchIndex >= 0, id.batchSize > 1 else { return .entry }
        var words = open[id.entry] ?? Self.words(Int(id.batchSize))
        for place in 0...Int(id.batchIndex) where place / 64 < words.count {
            words[place / 64] &= ~(1 << UInt64(place % 64))
        }
        return settle(id.entry, words)
    }

    private mutating func settle(_ entry: EntryID, _ words: [UInt64]) -> Outcome {
        if words.allSatisfy({ $0 == 0 }) {
            open[entry] = nil
            return .entry
        }
        open[entry] = words
        return .partial(words.map { Int64(bitPattern: $0) })
    }

    private static func words(_ size: Int) -> [UInt64] {
        var words = [UInt64](repeating: .max, count: (size + 63) / 64)
        if size % 64 != 0 { words[words.count - 1] = (1 << UInt64(size % 64)) - 1 }
        return words
    }
}

extension BatchAcknowledgements {
    /// Whether the message at `place` is still to be done, by the broker's `ack_set`; empty means all are.
    static func isPending(_ place: Int32, in ackSet: [Int64]) -> Bool {
        guard !ackSet.isEmpty else { return true }
        let (word, bit) = Int(place).quotientAndRemainder(dividingBy: 64)
        return word < ackSet.count && UInt64(bitPattern: ackSet[word]) & (1 << UInt64(bit)) != 0
    }
}
