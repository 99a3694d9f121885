/// A model that is installed.
public struct OllamaModel: Sendable, Hashable, Decodable {
    /// Name and tag, for example `llama3.1:8b`.
    public let name: String
    /// Bytes on disk.
    public let size: Int64?
    public let digest: String?
    /// The architecture's family, for example `llama` or `bert`.
    public let family: String?

    public init(name: String, size: Int64? = nil, digest: String? = nil, family: String? = nil) {
        self.name = name
        self.size = size
        self.digest = digest
        self.family = family
    }

    /// Whether `asked` names this model; a name without a tag means `latest`.
    public func isNamed(_ asked: String) -> Bool {
        name == asked || name == asked + ":latest"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        name = try fields.decode(String.self, forKey: .name)
        size = try fields.decodeIfPresent(Int64.self, forKey: .size)
        digest = try fields.decodeIfPresent(String.self, forKey: .digest)
        family = try fields.decodeIfPresent(Details.self, forKey: .details)?.family
    }

    private struct Details: Decodable { let family: String? }
    private enum Key: String, CodingKey { case name, size, digest, details }
}
