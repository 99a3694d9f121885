import GRDB

/// Writes groups of changes: vectors into the file first, then the database in one transaction.
///
/// The write lock of SQLite also guards the vector file: only its holder, in whatever process, writes slots, and only
/// behind the committed ones.
struct ChangeWriter: Sendable {
    let directory: String
    let fsync: Bool
    let catalogues: CatalogueCache

    /// Removals that are remembered, so that readers can follow without loading everything.
    private static let rememberedRemovals = 200_000

    /// Commits a group. A failure fails all of it and leaves the index as it was.
    func commit(_ changes: [Change], _ db: Database) -> Result<Void, any Error> {
        do {
            try db.inTransaction(.immediate) {
                try write(changes, db)
                return .commit
            }
            return .success(())
        } catch {
            return .failure(Self.translated(error, in: directory))
        }
    }

    private func write(_ changes: [Change], _ db: Database) throws {
        var state = try IndexState.load(db)
        var slots = SlotWriter(next: state.slots)
        for change in changes { try write(change, db, &slots) }
        if !slots.vectors.isEmpty {
            let file = try catalogues.vectors(state)
            try file.append(slots.vectors, at: state.slots)
            if fsync { try file.synchronize() }
        }
        state.slots = slots.next
        state.version += 1
        try forgetRemovals(db, &state)
        try state.save(db)
    }

    private func write(_ change: Change, _ db: Database, _ slots: inout SlotWriter) throws {
        switch change {
        case .remove(let paths):
            for path in paths {
                try DocumentWriter.remove(path, db)
            }
        case .replace(let document, let entries, let vectors, let keys):
            try DocumentWriter.replace(document, entries: entries, keys: keys, db) { entry, index throws in
                try slots.slot(hash: entry.hash, vector: vectors[index], db)
            }
        }
    }

    private func forgetRemovals(_ db: Database, _ state: inout IndexState) throws {
        let last = try Int.fetchOne(db, sql: "SELECT max(sequence) FROM removal") ?? state.forgottenRemovals
        guard last - state.forgottenRemovals > 2 * Self.rememberedRemovals else { return }
        state.forgottenRemovals = last - Self.rememberedRemovals
        try db.execute(sql: "DELETE FROM removal WHERE sequence <= ?", arguments: [state.forgottenRemovals])
    }

    static func translated(_ error: any Error, in directory: String) -> any Error {
        if let failure = error as? SystemFailure { return failure.translated(in: directory) }
        if error is CatalogueCache.OutdatedTransaction {
            return LocalIndexError.corrupted("its vector file is missing", in: directory)
        }
        return LocalIndexError.translating(error, in: directory)
    }
}
