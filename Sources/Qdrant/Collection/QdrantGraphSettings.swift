/// The graph in which near vectors are found (HNSW).
public struct QdrantGraphSettings: Sendable, Hashable, Codable {
    /// Links of each vector.
    public var links: Int?
    /// How many neighbours are looked at when a vector is linked.
    public var constructionEffort: Int?
    /// Links within points of equal payload, so that a filtered search finds its way.
    public var payloadLinks: Int?

    public init(links: Int? = nil, constructionEffort: Int? = nil, payloadLinks: Int? = nil) {
        self.links = links
        self.constructionEffort = constructionEffort
        self.payloadLinks = payloadLinks
    }

    enum CodingKeys: String, CodingKey {
        case links = "m"
        case constructionEffort = "ef_construct"
        case payloadLinks = "payload_m"
    }
}
