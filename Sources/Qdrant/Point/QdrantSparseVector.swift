/// A vector of which only the places are written that are not 0.
public struct QdrantSparseVector: Sendable, Hashable, Codable {
    public let indices: [UInt32]
    public let values: [Float]

    /// - Parameter weights: by place, each once, which Qdrant insists on.
    public init(_ weights: [UInt32: Float]) {
        let sorted = weights.sorted { $0.key < $1.key }
        indices = sorted.map(\.key)
        values = sorted.map(\.value)
    }

    public var isEmpty: Bool { indices.isEmpty }
}
