/// The entries that a filter lets through, as rows for the text search and as slots for the vector scan.
final class AllowedEntries: Sendable {
    let rows: Bitmap
    let slots: Bitmap
    let count: Int

    init(table: EntryTable, slotCount: Int, where isAllowed: (_ document: Int32, _ language: Int32) -> Bool) {
        var rows = Bitmap(count: table.rowCount)
        var slots = Bitmap(count: slotCount)
        var count = 0
        for row in 0..<table.rowCount {
            let slot = table.slots[row]
            guard slot != EntryTable.none, isAllowed(table.documents[row], table.languages[row]) else { continue }
            rows.insert(row)
            slots.insert(Int(slot))
            count += 1
        }
        self.rows = rows
        self.slots = slots
        self.count = count
    }
}
