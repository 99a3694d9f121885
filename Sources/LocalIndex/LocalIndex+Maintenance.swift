import GRDB
import Glibc

extension LocalIndex {
    /// How much the index holds, and how much of it is dead.
    public func statistics() async throws -> Statistics {
        let directory = directory
        return try await read { db, catalogue in
            let documents = try Int.fetchOne(db, sql: "SELECT count(*) FROM document") ?? 0
            let vectors = catalogue.state.slots
            return Statistics(
                documents: documents,
                entries: catalogue.table.liveCount,
                unembedded: catalogue.table.unembeddedCount,
                vectors: vectors,
                deadVectors: vectors - catalogue.everything.slots.count,
                bytes: Self.bytesOnDisk(directory, epoch: catalogue.state.epoch),
                version: catalogue.state.version
            )
        }
    }

    /// Makes searches faster and the folder smaller: drops vectors that no entry uses, and merges the pieces of the
    /// text index. Call it after a large ingest, and when ``Statistics/deadShare`` exceeds about 0.3.
    ///
    /// Searches go on meanwhile; writers wait.
    /// - Throws: ``LocalIndexError``, and then nothing has changed.
    public func compact() async throws {
        let compaction = Compaction(directory: directory, fsync: settings.fsync, catalogues: catalogues)
        try await write { db in try compaction.dropDeadVectors(db) }
        // Somebody who writes all the time could keep this from ever ending.
        for _ in 0..<Self.maximumMerges {
            try Task.checkCancellation()
            if try await write({ db in try compaction.mergeTerms(db) }) { break }
        }
        try await write { db in _ = try db.checkpoint(.passive) }
    }

    /// Reads everything and compares it with what was written; slow on a large index.
    ///
    /// - Throws: ``LocalIndexError`` with code `.corrupted` at the first thing that is not as it should be.
    public func verify() async throws {
        let directory = directory
        try await read { db, catalogue in
            let answer = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
            guard answer == "ok" else { throw LocalIndexError.corrupted(answer, in: directory) }
            for slot in 0..<catalogue.state.slots {
                _ = try catalogue.vector(slot, directory: directory)
            }
            let orphans = try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM entry e LEFT JOIN content c ON c.row = e.row
                    LEFT JOIN document d ON d.id = e.document LEFT JOIN vector v ON v.slot = e.slot
                    WHERE c.row IS NULL OR d.id IS NULL OR (v.slot IS NULL AND e.slot >= 0)
                    """)
            guard orphans == 0 else {
                throw LocalIndexError.corrupted("\(orphans ?? 0) entries miss a part", in: directory)
            }
        }
    }

    private static var maximumMerges: Int { 1000 }

    /// Runs `body` on the writer's connection, outside a transaction and not cut short by cancellation.
    private func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result
    {
        let directory = directory
        return try await withCheckedThrowingContinuation { done in
            pool.asyncWriteWithoutTransaction { db in
                done.resume(
                    with: Swift.Result { try body(db) }.mapError { ChangeWriter.translated($0, in: directory) })
            }
        }
    }

    private static func bytesOnDisk(_ directory: String, epoch: Int) -> Int {
        let names = [
            "\(directory)/index.sqlite", "\(directory)/index.sqlite-wal", VectorFiles.path(in: directory, epoch: epoch),
        ]
        return names.reduce(0) { sum, name in
            var facts = stat()
            // The vector file has holes: what counts is the blocks it takes, of 512 bytes each.
            return stat(name, &facts) == 0 ? sum + Int(facts.st_blocks) * 512 : sum
        }
    }
}
