/// What a collection is made with.
public struct QdrantCollectionSettings: Sendable, Hashable, Encodable {
    /// Dense vectors by name.
    public var vectors: [String: QdrantVectorSettings]
    /// Sparse vectors by name.
    public var sparseVectors: [String: QdrantSparseVectorSettings]
    public var hnsw: QdrantGraphSettings?
    public var quantization: QdrantQuantization?
    public var optimizers: QdrantOptimizerSettings?
    public var onDiskPayload: Bool?
    public var shards: Int?
    public var replicas: Int?
    /// How many replicas have a write before it counts as done.
    public var writeConsistency: Int?

    public init(
        vectors: [String: QdrantVectorSettings],
        sparseVectors: [String: QdrantSparseVectorSettings] = [:],
        hnsw: QdrantGraphSettings? = nil,
        quantization: QdrantQuantization? = nil,
        optimizers: QdrantOptimizerSettings? = nil,
        onDiskPayload: Bool? = nil,
        shards: Int? = nil,
        replicas: Int? = nil,
        writeConsistency: Int? = nil
    ) {
        self.vectors = vectors
        self.sparseVectors = sparseVectors
        self.hnsw = hnsw
        self.quantization = quantization
        self.optimizers = optimizers
        self.onDiskPayload = onDiskPayload
        self.shards = shards
        self.replicas = replicas
        self.writeConsistency = writeConsistency
    }

    enum CodingKeys: String, CodingKey {
        case vectors
        case sparseVectors = "sparse_vectors"
        case hnsw = "hnsw_config"
        case quantization = "quantization_config"
        case optimizers = "optimizers_config"
        case onDiskPayload = "on_disk_payload"
        case shards = "shard_number"
        case replicas = "replication_factor"
        case writeConsistency = "write_consistency_factor"
    }
}
