extension DocumentStore {
    /// What the listing says of some paths, by going through all of it.
    public func listings(of paths: Set<String>) async throws -> [DocumentListing] {
        var found: [DocumentListing] = []
        do {
            for try await listing in try await list() where paths.contains(listing.path) { found.append(listing) }
        } catch let error as StoreError where error.code == .empty {
            return []
        }
        return found
    }
}
