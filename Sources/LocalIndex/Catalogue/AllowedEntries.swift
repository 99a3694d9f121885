/// The entries that a filter lets through, as rows for the text search and as slots for the vector scan.
final class AllowedEntries: Sendable {
    let rows: Bitmap
    let slots: Bitmap
    let count: Int
    /// All allowed rows lie between these two; entries of one folder are often close together.
    let firstRow: Int
    let lastRow: Int

    init(table: EntryTable, slotCount: Int, where isAllowed: (_ document: Int32, _ language: Int32) -> Bool) {
        var rows = Bitmap(count: table.rowCount)
        var slots = Bitmap(count: slotCount)
        var count = 0
        var first = 0
        var last = -1
        for row in 0..<table.rowCount {
            let slot = table.slots[row]
            guard slot != EntryTable.none, isAllowed(table.documents[row], table.languages[row]) else { continue }
            rows.insert(row)
            if slot != EntryTable.unembedded { slots.insert(Int(slot)) }
            if count == 0 { first = row }
            last = row
            count += 1
        }
        self.rows = rows
        self.slots = slots
        self.count = count
        firstRow = first
        lastRow = last
    }
}
