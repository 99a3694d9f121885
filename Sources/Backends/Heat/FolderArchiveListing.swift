import Hearth

/// The files of an archive's folder, each looked at when it is asked for.
struct FolderArchiveListing: AsyncSequence, Sendable {
    typealias Failure = any Error

    let paths: [(key: String, path: String)]

    func makeAsyncIterator() -> Iterator { Iterator(paths: paths[...]) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var paths: ArraySlice<(key: String, path: String)>

        mutating func next() async throws -> ArchiveListing? {
            while let next = paths.popFirst() {
                // One that was removed meanwhile, or a folder, is left out.
                if let listing = try FolderArchiveStore.listing(next.key, at: next.path) { return listing }
            }
            return nil
        }
    }
}
