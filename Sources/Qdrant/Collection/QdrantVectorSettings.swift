/// A dense vector of each point.
public struct QdrantVectorSettings: Sendable, Hashable, Codable {
    /// How near two vectors are. With `cosine` the server makes each vector's length 1 when it is written.
    public enum Distance: String, Sendable, Codable {
        case cosine = "Cosine"
        case euclid = "Euclid"
        case dot = "Dot"
        case manhattan = "Manhattan"
    }

    /// The dimension.
    public var size: Int
    public var distance: Distance
    /// Whether the vectors stay on the disk, where only what is asked for is read.
    public var onDisk: Bool?

    public init(size: Int, distance: Distance = .cosine, onDisk: Bool? = nil) {
        self.size = size
        self.distance = distance
        self.onDisk = onDisk
    }

    enum CodingKeys: String, CodingKey {
        case size, distance
        case onDisk = "on_disk"
    }
}
