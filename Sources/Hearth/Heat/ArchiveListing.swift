public import FoundationEssentials

/// An object in a listing of the archive.
public struct ArchiveListing: Hashable, Sendable {
    public let key: String
    public let bytes: Int
    public let storedAt: Date

    public init(key: String, bytes: Int, storedAt: Date) {
        self.key = key
        self.bytes = bytes
        self.storedAt = storedAt
    }
}
