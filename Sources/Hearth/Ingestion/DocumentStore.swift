/// Where a codebase is. All methods throw ``StoreError``; "unreachable" is never read as "empty".
///
/// Nor is a place in which there is nothing at all: it was mistyped, or is not mounted, more often than somebody removed the
/// last file of a codebase. Whoever means that leaves an ignore file there, which may be empty.
public protocol DocumentStore: Sendable {
    /// For people: the folder or the bucket.
    var location: String { get }
    /// Every document that the ignore rules leave, and what they took out, in the order of the paths.
    ///
    /// Throws before the first element if the store cannot be read, or with code `empty` if nothing is there, not even
    /// something to ignore; a listing that breaks off throws, too.
    func list() async throws -> any AsyncSequence<DocumentListing, any Error> & Sendable
    /// What ``list()`` says of some paths, those that are gone left out; without a listing where the store can look them up.
    ///
    /// All of them may be gone: whoever names paths has heard of them, and is not told that the place is empty.
    func listings(of paths: Set<String>) async throws -> [DocumentListing]
    /// The document as it is now; `nil` if it is gone. Documents above `limit` bytes throw `tooLarge`.
    func read(_ path: String, limit: Int) async throws -> Document?
}
