import GRDB
import Glibc

/// Rewrites an index without what is dead.
struct Compaction: Sendable {
    let directory: String
    let fsync: Bool
    let catalogues: CatalogueCache

    private static let batch = 1024
    /// Pages of the text index that one short transaction merges.
    private static let mergePages = 2000

    /// Copies the vectors in use to a new file and switches to it in one transaction.
    func dropDeadVectors(_ db: Database) throws {
        var leftover: String?
        try db.inTransaction(.immediate) {
            let old = try IndexState.load(db)
            let catalogue = try catalogues.catalogue(db)
            let live = (0..<old.slots).filter { catalogue.everything.slots.contains($0) }
            guard live.count < old.slots else { return .rollback }
            var new = old
            new.epoch += 1
            new.version += 1
            new.slots = live.count
            try copy(live, of: catalogue, to: new)
            try renumber(live, db)
            new.forgottenRemovals =
                try Int.fetchOne(db, sql: "SELECT max(sequence) FROM removal") ?? old.forgottenRemovals
            try db.execute(sql: "DELETE FROM removal")
            try new.save(db)
            leftover = VectorFiles.path(in: directory, epoch: old.epoch)
            return .commit
        }
        if let leftover { unlink(leftover) }
    }

    /// Merges a part of the text index; true when nothing is left to merge.
    func mergeTerms(_ db: Database) throws -> Bool {
        let before = db.totalChangesCount
        try db.inTransaction(.immediate) {
            // A negative number lets FTS5 merge across levels, until one segment is left.
            try db.execute(sql: "INSERT INTO term (term, rank) VALUES ('merge', ?)", arguments: [-Self.mergePages])
            return .commit
        }
        // Documented: a merge that found nothing to do changes fewer than two rows.
        return db.totalChangesCount - before < 2
    }

    private func copy(_ live: [Int], of catalogue: Catalogue, to state: IndexState) throws {
        let header = VectorFileHeader(dimension: state.dimension, identity: state.identity, epoch: state.epoch)
        let file = try VectorFile.create(path: VectorFiles.path(in: directory, epoch: state.epoch), header: header)
        for start in stride(from: 0, to: live.count, by: Self.batch) {
            var vectors: [Float] = []
            for slot in live[start..<min(live.count, start + Self.batch)] {
                vectors += try catalogue.vector(slot, directory: directory)
            }
            try file.append(vectors, at: start)
        }
        if fsync {
            try file.synchronize()
            try VectorFiles.synchronizeFolder(directory)
        }
    }

    /// Slots keep their order, so that going up never meets a number that is still taken.
    private func renumber(_ live: [Int], _ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS renumbering (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
                DELETE FROM temp.renumbering;
                """)
        var insert = try RawStatement(db, "INSERT INTO temp.renumbering (old, new) VALUES (?, ?)")
        for (new, old) in live.enumerated() {
            try insert.bind(old)
            try insert.bind(new)
            try insert.run()
        }
        try db.execute(
            sql: """
                DELETE FROM vector WHERE slot NOT IN (SELECT old FROM temp.renumbering);
                UPDATE entry SET slot = (SELECT new FROM temp.renumbering WHERE old = slot) WHERE slot >= 0;
                """)
        var update = try RawStatement(db, "UPDATE vector SET slot = ? WHERE slot = ?")
        for (new, old) in live.enumerated() where new != old {
            try update.bind(new)
            try update.bind(old)
            try update.run()
        }
        try db.execute(sql: "DELETE FROM temp.renumbering")
    }
}
