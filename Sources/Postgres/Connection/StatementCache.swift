/// Which statements a connection has prepared, and under which names. Forgets the one that was not used for longest.
struct StatementCache {
    enum Action: Equatable {
        case use(name: String)
        /// Prepare it under `name`, after closing `evicted`.
        case prepare(name: String, evicted: String?)
    }

    private struct Entry {
        let name: String
        var lastUse: Int
    }

    let capacity: Int
    private var entries: [Statement.Shape: Entry] = [:]
    private var uses = 0
    private var names = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// What is to be done to run the statement. Call ``forget(_:)`` if preparing it fails.
    mutating func use(_ shape: Statement.Shape) -> Action {
        uses += 1
        if let name = entries[shape]?.name {
            entries[shape]?.lastUse = uses
            return .use(name: name)
        }
        var evicted: String?
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            evicted = oldest.value.name
        }
        names += 1
        let name = "s\(names)"
        entries[shape] = Entry(name: name, lastUse: uses)
        return .prepare(name: name, evicted: evicted)
    }

    mutating func forget(_ shape: Statement.Shape) { entries[shape] = nil }
}
