/// When the server makes an index of what was written.
public struct QdrantOptimizerSettings: Sendable, Hashable, Codable {
    /// Kilobytes of vectors above which a segment gets a graph; smaller ones are scanned. 0 never makes any.
    public var indexingThreshold: Int?

    public init(indexingThreshold: Int? = nil) { self.indexingThreshold = indexingThreshold }

    enum CodingKeys: String, CodingKey {
        case indexingThreshold = "indexing_threshold"
    }
}
