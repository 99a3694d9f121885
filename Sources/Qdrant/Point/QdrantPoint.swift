/// A point to be written.
public struct QdrantPoint<Payload: Encodable & Sendable>: Sendable, Encodable {
    public var id: QdrantPointID
    public var payload: Payload
    public var vectors: QdrantVectors

    public init(id: QdrantPointID, payload: Payload, vectors: QdrantVectors = QdrantVectors()) {
        self.id = id
        self.payload = payload
        self.vectors = vectors
    }

    private enum CodingKeys: String, CodingKey {
        case id, payload
        case vectors = "vector"
    }
}
