/// Where cold history is: objects by key, each written once and never changed. All methods throw ``StoreError``.
public protocol ArchiveStore: Sendable {
    /// For people: the folder or the bucket.
    var location: String { get }
    /// Stores the bytes under `key` and returns when they are safe. If the key is there already nothing is written:
    /// a key names its content. What is there in another size is `corrupt`.
    func put(_ bytes: [UInt8], at key: String) async throws
    /// The bytes from `range.lowerBound` up to `range.upperBound`. An object that is not there is `notFound`, one that is
    /// shorter `corrupt`.
    func read(_ key: String, bytes range: Range<Int>) async throws -> [UInt8]
    /// The object without its bytes; `nil` if there is none.
    func listing(_ key: String) async throws -> ArchiveListing?
    /// Removes the object; one that is not there is no error.
    func delete(_ key: String) async throws
    /// All objects whose keys begin with `prefix`, in the order of their keys. A listing that breaks off throws.
    func list(_ prefix: String) async throws -> any AsyncSequence<ArchiveListing, any Error> & Sendable
}
