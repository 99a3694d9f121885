/// How many points share a request, and how many bytes of JSON. Qdrant refuses bodies above 32 MB.
public struct QdrantBatchLimits: Sendable, Hashable {
    public var points: Int
    public var bytes: Int

    public init(points: Int = 256, bytes: Int = 16 << 20) {
        self.points = points
        self.bytes = bytes
    }
}
