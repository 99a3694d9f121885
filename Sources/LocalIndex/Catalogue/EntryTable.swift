/// The narrow facts of all entries, by row.
struct EntryTable: Sendable {
    /// A row without an entry, or a slot without one.
    static let none: Int32 = -1
    /// The slot of an entry that has no vector yet.
    static let unembedded: Int32 = -2

    private(set) var slots: [Int32] = [none]
    private(set) var documents: [Int32] = [none]
    private(set) var languages: [Int32] = [none]
    /// Terms of each entry, for length normalization.
    private(set) var lengths: [UInt32] = [0]
    /// Entries with equal content share a slot: the newest row of each slot, and for each row the next older one.
    private var newestOfSlot: [Int32] = []
    private var nextOfSlot: [Int32] = [none]
    private(set) var liveCount = 0
    /// Entries among them that have no vector yet.
    private(set) var unembeddedCount = 0
    private(set) var totalLength = 0

    var rowCount: Int { slots.count }
    var lastRow: Int { slots.count - 1 }

    mutating func reserve(_ rows: Int) {
        slots.reserveCapacity(rows)
        documents.reserveCapacity(rows)
        languages.reserveCapacity(rows)
        lengths.reserveCapacity(rows)
        nextOfSlot.reserveCapacity(rows)
    }

    /// Adds an entry; rows come in ascending order and may leave gaps.
    mutating func append(row: Int, document: Int, slot: Int, language: Int, length: Int) {
        while slots.count < row { appendGap() }
        slots.append(Int32(truncatingIfNeeded: slot))
        documents.append(Int32(truncatingIfNeeded: document))
        languages.append(Int32(truncatingIfNeeded: language))
        lengths.append(UInt32(clamping: length))
        if slot == Self.unembedded {
            nextOfSlot.append(Self.none)
            unembeddedCount += 1
        } else {
            while newestOfSlot.count <= slot { newestOfSlot.append(Self.none) }
            nextOfSlot.append(newestOfSlot[slot])
            newestOfSlot[slot] = Int32(truncatingIfNeeded: row)
        }
        liveCount += 1
        totalLength += length
    }

    mutating func remove(row: Int) {
        guard contains(row) else { return }
        if slots[row] == Self.unembedded { unembeddedCount -= 1 }
        slots[row] = Self.none
        liveCount -= 1
        totalLength -= Int(lengths[row])
    }

    func contains(_ row: Int) -> Bool {
        row > 0 && row < slots.count && slots[row] != Self.none
    }

    /// The rows that have an entry with this slot, newest first.
    func rows(ofSlot slot: Int) -> [Int] {
        guard slot < newestOfSlot.count else { return [] }
        var rows: [Int] = []
        var row = newestOfSlot[slot]
        while row != Self.none {
            if slots[Int(row)] != Self.none { rows.append(Int(row)) }
            row = nextOfSlot[Int(row)]
        }
        return rows
    }

    private mutating func appendGap() {
        slots.append(Self.none)
        documents.append(Self.none)
        languages.append(Self.none)
        lengths.append(0)
        nextOfSlot.append(Self.none)
    }
}
