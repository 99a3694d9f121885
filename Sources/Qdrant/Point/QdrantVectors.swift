/// The vectors of a point, by name. A point may have some, or none.
public struct QdrantVectors: Sendable, Hashable, Codable {
    public var dense: [String: [Float]]
    public var sparse: [String: QdrantSparseVector]

    public init(dense: [String: [Float]] = [:], sparse: [String: QdrantSparseVector] = [:]) {
        self.dense = dense
        self.sparse = sparse
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys {
            if let vector = try? container.decode([Float].self, forKey: name) {
                dense[name.stringValue] = vector
            } else {
                sparse[name.stringValue] = try container.decode(QdrantSparseVector.self, forKey: name)
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, vector) in dense { try container.encode(vector, forKey: Name(stringValue: name)) }
        for (name, vector) in sparse { try container.encode(vector, forKey: Name(stringValue: name)) }
    }
}
