import FoundationEssentials
import Hearth
import NIOCore
import Pulsar

/// One line of a journal: what somebody wants to happen to a task. Whether it happens is decided by
/// ``TaskJournal/fold(_:at:)``, for everybody alike.
struct JournalRecord: Hashable, Sendable {
    enum Change: Hashable, Sendable {
        case published
        /// A dead letter is put back to work.
        case replayed
        /// Somebody has the task's message and takes the task; from a holder that does not answer any more, if one is
        /// named. A holder says the same again when it is asked.
        case claimed(receipt: String, replacing: String?)
        /// The holder has done with it.
        case settled(receipt: String)
        case cancelled
        /// Whoever holds the task shall say so. Also states what is known of it, for those who know nothing.
        case asked
    }

    let id: String
    let change: Change
    let ticket: String?
    /// The task after the change, so that the last record of a task tells everything: a compacted journal keeps no other.
    /// `nil` if it has left the bus.
    let entry: JournalEntry?
}

extension JournalRecord {
    private enum Name {
        static let change = "change"
        static let ticket = "ticket"
        static let receipt = "receipt"
        static let replacing = "replacing"
    }

    /// A record without an entry has no payload: compaction removes the task.
    func outgoing() throws -> OutgoingMessage {
        var properties: [String: String] = [:]
        properties[Name.ticket] = ticket
        switch change {
        case .published: properties[Name.change] = "published"
        case .replayed: properties[Name.change] = "replayed"
        case .cancelled: properties[Name.change] = "cancelled"
        case .asked: properties[Name.change] = "asked"
        case .settled(let receipt):
            properties[Name.change] = "settled"
            properties[Name.receipt] = receipt
        case .claimed(let receipt, let replaced):
            properties[Name.change] = "claimed"
            properties[Name.receipt] = receipt
            properties[Name.replacing] = replaced
        }
        let payload = try entry.map { try TaskCoding.encode($0) } ?? Data()
        return OutgoingMessage(ByteBuffer(bytes: payload), key: id, properties: properties)
    }

    /// - Throws: ``TaskBusError`` with code `corrupt` if the message is no record.
    init(_ message: Pulsar.Message) throws {
        do {
            guard let id = message.key else { throw TaskBusError(.corrupt, "It has no key.") }
            let payload = Data(message.payload.readableBytesView)
            try self.init(id: id, properties: message.properties, payload: payload)
        } catch {
            throw TaskBusError(
                .corrupt, "The message \(message.id) of \(message.topic) is no record of tasks.", underlying: error)
        }
    }

    init(id: String, properties: [String: String], payload: Data) throws {
        let receipt = properties[Name.receipt] ?? ""
        switch properties[Name.change] {
        case "published": change = .published
        case "replayed": change = .replayed
        case "cancelled": change = .cancelled
        case "asked": change = .asked
        case "settled": change = .settled(receipt: receipt)
        case "claimed": change = .claimed(receipt: receipt, replacing: properties[Name.replacing])
        case let other:
            throw TaskBusError(.corrupt, "It says '\(other ?? "")', which nobody here understands.")
        }
        self.id = id
        ticket = properties[Name.ticket]
        entry = payload.isEmpty ? nil : try TaskCoding.decode(JournalEntry.self, from: payload)
    }
}
