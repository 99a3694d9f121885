import Pulsar

/// A place in a journal. Later places are greater.
struct JournalPosition: Hashable, Sendable, Codable, Comparable {
    let ledger: Int64
    let entry: Int64

    init(ledger: Int64, entry: Int64) {
        self.ledger = ledger
        self.entry = entry
    }

    init(_ id: MessageID) { self.init(ledger: id.ledgerID, entry: id.entryID) }

    static func < (left: JournalPosition, right: JournalPosition) -> Bool {
        (left.ledger, left.entry) < (right.ledger, right.entry)
    }

    var messageID: MessageID { MessageID(ledgerID: ledger, entryID: entry) }
}
