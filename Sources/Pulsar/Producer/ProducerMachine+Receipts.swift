extension ProducerMachine {
    /// The broker has entries, in this order. What waited for room is let in when all are done, so that it leaves
    /// together.
    mutating func received(receipts: ArraySlice<SendReceipt>, time: Int64) -> Effects {
        var effects = Effects()
        effects.outcomes.reserveCapacity(receipts.count)
        for receipt in receipts {
            guard let head = entries.first else { break }
            switch order(of: receipt.sequenceID, at: head) {
            case .behind: continue
            case .match:
                entries.removeFirst()
                var id = receipt.id
                id.partition = partition
                complete(head, id, &effects)
            case .ahead:
                effects.reconnect = PulsarError(
                    .protocolViolation,
                    "The broker confirmed message \(receipt.sequenceID) before \(head.firstSequenceID).")
            }
            if effects.reconnect != nil { break }
        }
        letIn(time, &effects)
        return effects
    }

    private enum Order { case behind, match, ahead }

    /// Receipts come in the order of the entries; a batch is named by its first message or by its last.
    private func order(of sequenceID: UInt64, at head: Entry) -> Order {
        if sequenceID == head.firstSequenceID || sequenceID == head.lastSequenceID { return .match }
        return sequenceID < head.lastSequenceID ? .behind : .ahead
    }

    private mutating func complete(_ entry: Entry, _ id: MessageID, _ effects: inout Effects) {
        var id = id
        if let chunk = entry.chunk {
            if chunk.number == 0 { firstChunk = .init(ledgerID: id.ledgerID, entryID: id.entryID) }
            guard chunk.number == chunk.total - 1 else { return }
            id.firstChunk = firstChunk
        }
        leave(messages: entry.receipts.count, bytes: entry.bytes)
        guard entry.receipts.count > 1 else {
            effects.outcomes += entry.receipts.map { ($0, .success(id)) }
            return
        }
        for (place, receipt) in entry.receipts.enumerated() {
            id.batchIndex = Int32(place)
            id.batchSize = Int32(entry.receipts.count)
            effects.outcomes.append((receipt, .success(id)))
        }
    }

    /// The broker did not take an entry.
    mutating func received(error: WireSendError, time: Int64) -> Effects {
        var effects = Effects()
        guard let head = entries.first, order(of: error.sequenceID, at: head) != .behind else { return effects }
        let reason = PulsarError(server: error.error, error.message, refusing: "the message")
        switch ServerErrorCode(number: error.error) {
        case .checksum, .notAllowed, .authorization, .incompatibleSchema:
            guard order(of: error.sequenceID, at: head) == .match else {
                effects.reconnect = reason
                return effects
            }
            removeHeadMessage(reason, &effects)
            letIn(time, &effects)
        case .topicTerminated, .producerFenced:
            effects = fail(reason)
        default:
            // The broker may take it another time: everything without a receipt is sent again, in order.
            effects.reconnect = reason
        }
        return effects
    }

    /// Fails the message at the head, with all of its chunks.
    private mutating func removeHeadMessage(_ error: PulsarError, _ effects: inout Effects) {
        guard let head = entries.first else { return }
        while let entry = entries.first, entry.firstSequenceID == head.firstSequenceID {
            entries.removeFirst()
            leave(messages: entry.receipts.count, bytes: entry.bytes)
            effects.outcomes += entry.receipts.map { ($0, .failure(error)) }
        }
    }
}
