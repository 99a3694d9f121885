import DequeModule
import NIOCore

/// What a producer has on its way: which messages wait for a batch, for their receipts, or for room.
///
/// A pure value: messages, receipts and the time go in, frames and outcomes come out. Entries leave in the order of
/// their messages, and after a reconnect those without a receipt leave again in that order. `Receipt` is who is told
/// of a message's fate; tests use a number.
struct ProducerMachine<Receipt> {
    struct Limits {
        var batching: BatchingConfiguration?
        var maximumPendingMessages: Int
        var maximumPendingBytes: Int
    }

    /// An entry, or one chunk of a message, that the broker has not confirmed.
    struct Entry {
        let firstSequenceID: UInt64
        let lastSequenceID: UInt64
        let frame: EntryFrame
        /// One for each message; empty for all chunks but the last.
        let receipts: OneOrMore<Receipt>
        let bytes: Int
        let deadline: NIODeadline?
        /// Of a message in chunks: its number, and how many there are.
        var chunk: (number: Int, total: Int)?
    }

    private struct Waiting {
        let id: UInt64
        let message: OutgoingMessage
        let receipt: Receipt
        let deadline: NIODeadline?
    }

    private struct OpenBatch {
        var batch: MessageBatch
        var receipts: [Receipt]
        var bytes: Int
        let deadline: NIODeadline?
    }

    /// What the caller has to do, frames first and in this order.
    struct Effects {
        var frames: [EntryFrame] = []
        var outcomes: [(Receipt, Result<MessageID, PulsarError>)] = []
        /// The messages that wait for room no more.
        var admitted: [UInt64] = []
        /// After so long ``ProducerMachine/flush(now:)`` is to be called.
        var flushAfter: Duration?
        /// The stream of receipts makes no sense: the connection must be made anew.
        var reconnect: PulsarError?

        var isEmpty: Bool {
            frames.isEmpty && outcomes.isEmpty && admitted.isEmpty && flushAfter == nil && reconnect == nil
        }
    }

    private let limits: Limits
    let partition: Int32
    private(set) var writer: EntryWriter
    private var isAttached = false
    private var failure: PulsarError?
    private var lastSequenceID: Int64 = -1
    var entries: Deque<Entry> = []
    private var batches: [OpenBatch] = []
    private var batchOfKey: [BatchKey: Int] = [:]
    private var openMessages = 0
    private var openBytes = 0
    private var flushIsScheduled = false
    private var waiting: Deque<Waiting> = []
    var firstChunk: MessageID.ChunkStart?

    /// Messages and bytes that were let in and have no receipt.
    private(set) var pendingMessages = 0
    private(set) var pendingBytes = 0
    /// Messages that wait for room.
    var waitingMessages: Int { waiting.count }
    /// Whether it may still send: it has not failed for good.
    var isAlive: Bool { failure == nil }
    /// Nothing is left to be sent or confirmed.
    var isIdle: Bool { entries.isEmpty && batches.isEmpty && waiting.isEmpty }
    /// The last number that was given to a message; -1 before the first.
    var lastUsedSequenceID: Int64 { lastSequenceID }

    init(limits: Limits, writer: EntryWriter, partition: Int32) {
        self.limits = limits
        self.writer = writer
        self.partition = partition
    }

    // MARK: Sending

    /// Takes a message, or lets it wait until there is room.
    ///
    /// - Parameters:
    ///   - id: names it while it waits, for ``withdraw(_:)``.
    ///   - now: the clock of deadlines.
    ///   - time: milliseconds since 1970, for the message's metadata.
    mutating func send(
        _ message: OutgoingMessage,
        id: UInt64,
        receipt: Receipt,
        deadline: NIODeadline?,
        time: Int64
    ) -> Effects {
        var effects = Effects()
        send(message, id: id, receipt: receipt, deadline: deadline, time: time, &effects)
        return effects
    }

    /// As ``send(_:id:receipt:deadline:time:)``, for a caller who keeps the memory of the effects.
    mutating func send(
        _ message: OutgoingMessage,
        id: UInt64,
        receipt: Receipt,
        deadline: NIODeadline?,
        time: Int64,
        _ effects: inout Effects
    ) {
        if let failure {
            effects.admitted.append(id)
            effects.outcomes.append((receipt, .failure(failure)))
        } else if !waiting.isEmpty || !hasRoom(for: message.payload.readableBytes) {
            waiting.append(Waiting(id: id, message: message, receipt: receipt, deadline: deadline))
        } else {
            effects.admitted.append(id)
            admit(message, receipt, deadline, time, &effects)
            flushIfNothingIsOnItsWay(time, &effects)
        }
    }

    /// Takes back a message that waits for room; `nil` if it does not any more.
    mutating func withdraw(_ id: UInt64) -> Receipt? {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return waiting.remove(at: index).receipt
    }

    /// Sends what waits for company.
    mutating func flush(time: Int64) -> Effects {
        var effects = Effects()
        flushIsScheduled = false
        seal(time, &effects)
        return effects
    }

    /// Whether a message would be let in at once.
    func takesAtOnce(_ message: OutgoingMessage) -> Bool {
        waiting.isEmpty && hasRoom(for: message.payload.readableBytes)
    }

    /// Whether the last entry is the only one that has no receipt.
    var isAlone: Bool { entries.count == 1 }

    /// A message larger than the limit goes alone.
    private func hasRoom(for bytes: Int) -> Bool {
        pendingMessages == 0
            || (pendingMessages < limits.maximumPendingMessages && pendingBytes + bytes <= limits.maximumPendingBytes)
    }

    private mutating func admit(
        _ message: OutgoingMessage,
        _ receipt: Receipt,
        _ deadline: NIODeadline?,
        _ time: Int64,
        _ effects: inout Effects
    ) {
        let next = lastSequenceID + 1
        if let wanted = message.sequenceID, wanted < UInt64(max(0, next)) || wanted > UInt64(Int64.max) {
            let error = PulsarError(
                .invalidMessage, "The sequence id \(wanted) does not follow the last one, \(lastSequenceID).")
            effects.outcomes.append((receipt, .failure(error)))
            return
        }
        let sequenceID = message.sequenceID ?? UInt64(next)
        do {
            if let batching = limits.batching, message.delivery == .atOnce,
                message.payload.readableBytes < batching.maximumBytes
            {
                addToBatch(message, sequenceID, receipt, deadline, batching, time, &effects)
            } else {
                // What came earlier leaves earlier.
                seal(time, &effects)
                try sendAlone(message, sequenceID, receipt, deadline, time, &effects)
            }
            lastSequenceID = Int64(sequenceID)
            pendingMessages += 1
            pendingBytes += message.payload.readableBytes
        } catch let error as PulsarError {
            effects.outcomes.append((receipt, .failure(error)))
        } catch {
            effects.outcomes.append(
                (receipt, .failure(PulsarError(.invalidMessage, "The message cannot be encoded.", underlying: error))))
        }
    }

    private mutating func sendAlone(
        _ message: OutgoingMessage,
        _ sequenceID: UInt64,
        _ receipt: Receipt,
        _ deadline: NIODeadline?,
        _ time: Int64,
        _ effects: inout Effects
    ) throws {
        if let frame = try writer.frame(message, sequenceID: sequenceID, now: time) {
            let entry = Entry(
                firstSequenceID: sequenceID, lastSequenceID: sequenceID, frame: frame, receipts: .one(receipt),
                bytes: message.payload.readableBytes, deadline: deadline, chunk: nil)
            return append(entry, &effects)
        }
        let frames = try writer.chunks(message, sequenceID: sequenceID, now: time)
        for (number, frame) in frames.enumerated() {
            let isLast = number == frames.count - 1
            append(
                Entry(
                    firstSequenceID: sequenceID, lastSequenceID: sequenceID, frame: frame,
                    receipts: isLast ? .one(receipt) : .more([]), bytes: isLast ? message.payload.readableBytes : 0,
                    deadline: deadline, chunk: (number, frames.count)), &effects)
        }
    }

    private mutating func addToBatch(
        _ message: OutgoingMessage,
        _ sequenceID: UInt64,
        _ receipt: Receipt,
        _ deadline: NIODeadline?,
        _ batching: BatchingConfiguration,
        _ time: Int64,
        _ effects: inout Effects
    ) {
        let bytes = message.payload.readableBytes
        if openBytes + bytes > batching.maximumBytes { seal(time, &effects) }
        let key = batching.separatesKeys ? BatchKey(message) : BatchKey.any
        if let index = batchOfKey[key] {
            batches[index].batch.append(message, sequenceID: sequenceID)
            batches[index].receipts.append(receipt)
            batches[index].bytes += bytes
        } else {
            let batch = MessageBatch(message, sequenceID: sequenceID)
            batchOfKey[key] = batches.count
            batches.append(OpenBatch(batch: batch, receipts: [receipt], bytes: bytes, deadline: deadline))
        }
        openMessages += 1
        openBytes += bytes
        if openMessages >= batching.maximumMessages {
            seal(time, &effects)
        } else if !flushIsScheduled {
            flushIsScheduled = true
            effects.flushAfter = batching.maximumDelay
        }
    }

    private mutating func flushIfNothingIsOnItsWay(_ time: Int64, _ effects: inout Effects) {
        if entries.isEmpty, isAttached { seal(time, &effects) }
    }

    /// Closes the open batches, in the order of their first messages.
    private mutating func seal(_ time: Int64, _ effects: inout Effects) {
        guard !batches.isEmpty else { return }
        let closed = batches
        (batches, batchOfKey, openMessages, openBytes) = ([], [:], 0, 0)
        for open in closed {
            do {
                // Batching and chunking exclude each other, so a message on its own has one frame.
                let alone =
                    open.receipts.count == 1
                    ? try writer.frame(open.batch.first, sequenceID: open.batch.firstSequenceID, now: time) : nil
                let frame = try alone ?? writer.frame(open.batch, now: time)
                append(
                    Entry(
                        firstSequenceID: open.batch.firstSequenceID, lastSequenceID: open.batch.lastSequenceID,
                        frame: frame, receipts: OneOrMore(open.receipts), bytes: open.bytes, deadline: open.deadline,
                        chunk: nil),
                    &effects)
            } catch {
                let error =
                    error as? PulsarError
                    ?? PulsarError(.invalidMessage, "The batch cannot be encoded.", underlying: error)
                leave(messages: open.receipts.count, bytes: open.bytes)
                effects.outcomes += open.receipts.map { ($0, .failure(error)) }
            }
        }
    }

    private mutating func append(_ entry: Entry, _ effects: inout Effects) {
        entries.append(entry)
        if isAttached { effects.frames.append(entry.frame) }
    }

    mutating func leave(messages: Int, bytes: Int) {
        pendingMessages -= messages
        pendingBytes -= bytes
    }

    /// Lets in those who wait, as far as there is room.
    mutating func letIn(_ time: Int64, _ effects: inout Effects) {
        while let first = waiting.first, hasRoom(for: first.message.payload.readableBytes) {
            waiting.removeFirst()
            effects.admitted.append(first.id)
            admit(first.message, first.receipt, first.deadline, time, &effects)
        }
        flushIfNothingIsOnItsWay(time, &effects)
    }

    // MARK: Connection

    /// The broker knows the producer: everything that has no receipt is sent, in order.
    ///
    /// - Parameter lastSequenceID: what the broker has stored of this name; -1 for nothing.
    mutating func attached(
        name: String,
        lastSequenceID: Int64,
        maximumMessageSize: Int,
        time: Int64
    ) -> Effects {
        var effects = Effects()
        isAttached = true
        writer.producerName = name
        writer.maximumMessageSize = maximumMessageSize
        self.lastSequenceID = max(self.lastSequenceID, lastSequenceID)
        effects.frames = entries.map(\.frame)
        letIn(time, &effects)
        return effects
    }

    mutating func detached() { isAttached = false }

    // MARK: Time and end

    /// Fails what has had no receipt for too long. Its order is kept: an entry that expires takes those before it along.
    mutating func expire(now: NIODeadline, time: Int64) -> Effects {
        var effects = Effects()
        let error = PulsarError(
            .timeout, "The broker did not confirm the message in time. Whether it has it is not known.")
        while let entry = entries.first, let deadline = entry.deadline, deadline <= now {
            entries.removeFirst()
            leave(messages: entry.receipts.count, bytes: entry.bytes)
            effects.outcomes += entry.receipts.map { ($0, .failure(error)) }
        }
        while let first = waiting.first, let deadline = first.deadline, deadline <= now {
            waiting.removeFirst()
            effects.admitted.append(first.id)
            effects.outcomes.append((first.receipt, .failure(error)))
        }
        letIn(time, &effects)
        return effects
    }

    /// Ends the producer: everything on its way and everything to come fails.
    mutating func fail(_ error: PulsarError) -> Effects {
        var effects = Effects()
        if failure == nil { failure = error }
        isAttached = false
        let receipts = entries.flatMap(\.receipts) + batches.flatMap(\.receipts) + waiting.map(\.receipt)
        effects.outcomes = receipts.map { ($0, .failure(error)) }
        effects.admitted = waiting.map(\.id)
        (entries, batches, batchOfKey, waiting) = ([], [], [:], [])
        (openMessages, openBytes) = (0, 0)
        (pendingMessages, pendingBytes) = (0, 0)
        return effects
    }
}
