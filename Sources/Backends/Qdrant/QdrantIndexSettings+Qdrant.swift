import Qdrant

extension QdrantIndexSettings {
    /// The collection of a generation.
    func collection(dimension: Int) -> QdrantCollectionSettings {
        QdrantCollectionSettings(
            vectors: [PassageVector.dense: QdrantVectorSettings(size: dimension, onDisk: vectorsOnDisk)],
            sparseVectors: [
                PassageVector.lexical: QdrantSparseVectorSettings(modifier: .idf),
                PassageVector.names: QdrantSparseVectorSettings(),
            ],
            hnsw: QdrantGraphSettings(links: 16, constructionEffort: 100, payloadLinks: 16),
            quantization: quantized,
            optimizers: indexingThreshold.map { QdrantOptimizerSettings(indexingThreshold: $0) },
            onDiskPayload: true,
            // One shard: the rarity of a word is counted within a shard.
            shards: 1,
            replicas: replicas,
            writeConsistency: replicas / 2 + 1)
    }

    /// How a dense search of so many candidates looks.
    func search(limit: Int) -> QdrantSearchParameters {
        QdrantSearchParameters(
            effort: max(effort, limit), exact: exact ? true : nil,
            quantized: quantization == .none ? nil : .init(rescore: true, oversampling: oversampling))
    }

    private var quantized: QdrantQuantization? {
        switch quantization {
        case .none: nil
        case .scalar: .scalar()
        case .binary: .binary()
        }
    }
}
