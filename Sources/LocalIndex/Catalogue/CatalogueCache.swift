import GRDB
import Synchronization

/// The newest catalogue that this process has seen, and the vector file it belongs to.
final class CatalogueCache: Sendable {
    /// The transaction sees an older state than another one has already loaded: read again in a new transaction.
    struct OutdatedTransaction: Error {}

    private let directory: String
    private let newest = Mutex<Catalogue?>(nil)
    private let file = Mutex<VectorFile?>(nil)
    /// Lets one reader load while the others wait for what it found, instead of all loading the same.
    private let loading = Mutex<Void>(())

    init(directory: String) {
        self.directory = directory
    }

    /// The catalogue of the state that `db`'s transaction sees.
    ///
    /// - Throws: ``OutdatedTransaction``.
    func catalogue(_ db: Database) throws -> Catalogue {
        let state = try IndexState.load(db)
        if let known = try matching(state) { return known }
        return try loading.withLock { _ in
            if let known = try matching(state) { return known }
            let older = newest.withLock { $0 }
            let loaded = try Catalogue.load(
                db, state: state, file: vectors(state), directory: directory, after: older)
            newest.withLock { $0 = loaded }
            return loaded
        }
    }

    /// The open vector file of a state.
    func vectors(_ state: IndexState) throws -> VectorFile {
        try file.withLock { file in
            if let file, file.epoch == state.epoch { return file }
            let header = VectorFileHeader(
                dimension: state.dimension, identity: state.identity, epoch: state.epoch)
            do {
                let opened = try VectorFile.open(
                    path: VectorFiles.path(in: directory, epoch: state.epoch), header: header, slots: state.slots,
                    directory: directory)
                file = opened
                return opened
            } catch let failure as SystemFailure where failure.isMissingFile {
                // Compacted away since the transaction began, or deleted by somebody.
                throw OutdatedTransaction()
            }
        }
    }

    private func matching(_ state: IndexState) throws -> Catalogue? {
        guard let known = newest.withLock({ $0 }) else { return nil }
        if known.state.version > state.version { throw OutdatedTransaction() }
        return known.state == state ? known : nil
    }
}
