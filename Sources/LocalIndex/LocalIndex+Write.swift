extension LocalIndex {
    /// Puts a document and its entries in the place of what the index has under its path.
    ///
    /// Returns when the change is committed; until then searches see the old entries, afterwards the new ones. Calls
    /// that arrive together are committed together: call from several tasks to be faster than the disk. Cancelling the
    /// calling task does not take the change back.
    /// - Parameter vectors: One for each entry. An empty one means the vector that is stored under the entry's hash;
    ///   where there is none, the entry is found by its words and keys alone until it is written with one. A vector whose
    ///   hash is stored already is ignored.
    /// - Parameter keys: For each entry, what it can be looked up by in ``search(text:vector:keys:filter:limit:entriesOf:)``,
    ///   such as the names that it declares; empty for none at all.
    /// - Throws: ``LocalIndexError``: `.storageFull`, `.storageFailed` or `.busy`, and then nothing has changed.
    public func replace(document: DocumentRecord, entries: [Entry], vectors: [[Float]], keys: [[String]] = [])
        async throws
    {
        let change = Change.replace(document, entries: entries, vectors: vectors, keys: keys)
        try change.validate(dimension: dimension)
        try await commits.submit(change)
    }

    /// Takes documents and their entries out of the index; unknown paths are fine.
    ///
    /// Vectors stay until ``compact()``, so that the same content need not be embedded again.
    /// - Throws: ``LocalIndexError``, and then nothing has changed.
    public func remove(documents: [String]) async throws {
        if documents.isEmpty { return }
        try await commits.submit(.remove(paths: documents))
    }
}
