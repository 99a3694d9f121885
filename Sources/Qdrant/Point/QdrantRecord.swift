/// A point that was read.
public struct QdrantRecord<Payload: Decodable & Sendable>: Sendable, Decodable {
    public let id: QdrantPointID
    public let payload: Payload
    /// What was asked for of them.
    public let vectors: QdrantVectors?
    /// How well it fits a query; `nil` where there was none.
    public let score: Double?

    private enum CodingKeys: String, CodingKey {
        case id, payload, score
        case vectors = "vector"
    }
}

extension QdrantRecord: Equatable where Payload: Equatable {}
