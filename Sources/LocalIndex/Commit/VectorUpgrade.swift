import GRDB
import Glibc

/// Writes the vectors of an index that an earlier version made into a file of today's format.
struct VectorUpgrade: Sendable {
    let directory: String
    let fsync: Bool

    private static let batch = 1024

    /// Whether the state's vectors are in a file of the former format.
    func isNeeded(_ state: IndexState) -> Bool {
        FormerVectorFile(path: path(state), header: header(state)) != nil
    }

    /// Copies all vectors to a new file and switches to it in one transaction. A crash leaves the old file in use.
    func run(_ db: Database) throws {
        var leftover: String?
        try db.inTransaction(.immediate) {
            let old = try IndexState.load(db)
            // Another process may have been faster.
            guard let former = FormerVectorFile(path: path(old), header: header(old)) else { return .rollback }
            var new = old
            new.epoch += 1
            new.version += 1
            let file = try VectorFile.create(path: path(new), header: header(new))
            for start in stride(from: 0, to: old.slots, by: Self.batch) {
                var vectors: [Float] = []
                for slot in start..<min(old.slots, start + Self.batch) {
                    vectors += try former.vector(slot, directory: directory)
                }
                try file.append(vectors, at: start)
            }
            if fsync {
                try file.synchronize()
                try VectorFiles.synchronizeFolder(directory)
            }
            try new.save(db)
            leftover = path(old)
            return .commit
        }
        if let leftover { unlink(leftover) }
    }

    private func path(_ state: IndexState) -> String {
        VectorFiles.path(in: directory, epoch: state.epoch)
    }

    private func header(_ state: IndexState) -> VectorFileHeader {
        VectorFileHeader(dimension: state.dimension, identity: state.identity, epoch: state.epoch)
    }
}
