/// A collection as the server has it.
public struct QdrantCollectionInfo: Sendable, Hashable, Decodable {
    /// `green`, `yellow` while it is optimised, `grey` when that waits, `red` when something is broken.
    public let status: String
    /// About how many points there are; ``QdrantClient/count(in:filter:)`` counts.
    public let points: Int
    public let indexedVectors: Int
    /// The dense vectors, by name.
    public let vectors: [String: QdrantVectorSettings]

    private enum CodingKeys: String, CodingKey {
        case status, config
        case points = "points_count"
        case indexedVectors = "indexed_vectors_count"
    }

    private struct Configuration: Decodable {
        struct Parameters: Decodable { let vectors: [String: QdrantVectorSettings]? }
        let params: Parameters
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        status = try container.decode(String.self, forKey: .status)
        points = try container.decodeIfPresent(Int.self, forKey: .points) ?? 0
        indexedVectors = try container.decodeIfPresent(Int.self, forKey: .indexedVectors) ?? 0
        vectors = try container.decode(Configuration.self, forKey: .config).params.vectors ?? [:]
    }
}
