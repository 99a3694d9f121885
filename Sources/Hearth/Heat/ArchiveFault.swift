/// Something in the archive that is not as the manifest says.
public struct ArchiveFault: Hashable, Sendable, Codable {
    /// The object's key.
    public let object: String
    /// One sentence: what is wrong.
    public let message: String

    public init(object: String, message: String) {
        self.object = object
        self.message = message
    }
}
