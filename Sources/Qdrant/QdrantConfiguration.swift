/// Where a Qdrant is and how it is spoken to.
public struct QdrantConfiguration: Sendable, Hashable {
    /// How many of the replicas have to agree to a read.
    public enum ReadConsistency: String, Sendable, Hashable {
        case majority, quorum, all
    }

    /// How much writes to one replica set keep their order.
    public enum WriteOrdering: String, Sendable, Hashable {
        case weak, medium, strong
    }

    /// Scheme, host and port of the REST API, for example `http://127.0.0.1:6333`.
    public var url: String
    public var apiKey: String?
    /// The most time for one call, its repetitions included.
    public var timeout: Duration
    public var retry: QdrantRetryPolicy
    /// How large a request of ``QdrantClient/upsert(_:into:)`` may get.
    public var batch: QdrantBatchLimits
    /// `nil` leaves it to the server: any replica answers.
    public var readConsistency: ReadConsistency?
    /// `nil` leaves it to the server: weak.
    public var writeOrdering: WriteOrdering?

    public init(
        url: String = "http://127.0.0.1:6333",
        apiKey: String? = nil,
        timeout: Duration = .seconds(30),
        retry: QdrantRetryPolicy = QdrantRetryPolicy(),
        batch: QdrantBatchLimits = QdrantBatchLimits(),
        readConsistency: ReadConsistency? = nil,
        writeOrdering: WriteOrdering? = nil
    ) {
        self.url = url
        self.apiKey = apiKey
        self.timeout = timeout
        self.retry = retry
        self.batch = batch
        self.readConsistency = readConsistency
        self.writeOrdering = writeOrdering
    }
}
