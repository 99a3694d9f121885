import GRDB

/// Gives slots to vectors in a transaction, one per content hash.
struct SlotWriter {
    private(set) var next: Int
    /// New vectors one after the other, in the order of their slots.
    private(set) var vectors: [Float] = []

    init(next: Int) {
        self.next = next
    }

    /// The slot of the vector for `hash`; ``EntryTable/unembedded`` if there is none yet. A vector that is stored already
    /// is not stored again.
    mutating func slot(hash: String, vector: [Float], _ db: Database) throws -> Int {
        var known = try RawStatement(db, "SELECT slot FROM vector WHERE hash = ?")
        try known.bind(hash)
        if try known.step() { return known.integer(0) }
        if vector.isEmpty { return Int(EntryTable.unembedded) }
        var insert = try RawStatement(db, "INSERT INTO vector (slot, hash) VALUES (?, ?)")
        try insert.bind(next)
        try insert.bind(hash)
        try insert.run()
        vectors.append(contentsOf: vector)
        next += 1
        return next - 1
    }
}
