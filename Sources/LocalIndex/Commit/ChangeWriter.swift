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

    /// Commits a group and tells each change how it went. A change that is refused does not hold up the others; a
    /// failure of the disk fails them all and leaves the index as it was.
    func commit(_ changes: [Change], _ db: Database) -> [Result<Void, any Error>] {
        do {
            var results: [Result<Void, any Error>] = []
            try db.inTransaction(.immediate) {
                results = try write(changes, db)
                return .commit
            }
            return results
        } catch {
            let failure = Self.translated(error, in: directory)
            return changes.map { _ in .failure(failure) }
        }
    }

    private func write(_ changes: [Change], _ db: Database) throws -> [Result<Void, any Error>] {
        var state = try IndexState.load(db)
        var slots = SlotWriter(next: state.slots)
        var results: [Result<Void, any Error>] = []
        for change in changes {
            let before = slots
            do {
                try db.inSavepoint {
                    try write(change, db, &slots)
                    return .commit
                }
                results.append(.success(()))
            } catch let refusal as LocalIndexError where refusal.code == .unknownVector {
                slots = before
                results.append(.failure(refusal))
            }
        }
        if !slots.vectors.isEmpty {
            let file = try catalogues.vectors(state)
            try file.append(slots.vectors, at: state.slots)
            if fsync { try file.synchronize() }
        }
        state.slots = slots.next
        state.version += 1
        try forgetRemovals(db, &state)
        try state.save(db)
        return results
    }

    private func write(_ change: Change, _ db: Database, _ slots: inout SlotWriter) throws {
        switch change {
        case .remove(let paths):
            for path in paths {
                try DocumentWriter.remove(path, db)
            }
        case .replace(let document, let entries, let vectors, let keys):
            try DocumentWriter.replace(document, entries: entries, keys: keys, db) { entry, index throws in
                try slots.slot(hash: entry.hash, vector: vectors[index], db, path: document.path)
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
