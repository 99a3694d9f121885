/// How an index stores and ranks. The defaults suit code on a laptop.
public struct LocalIndexSettings: Sendable, Hashable {
    /// Waits for the disk on every commit, so that a committed change survives a power cut and not only a crash of the
    /// process.
    public var fsync: Bool
    /// How long a writer waits for another process that is writing, in seconds.
    public var busyTimeoutSeconds: Double
    /// How many searches and reads run at once; each keeps one connection.
    public var maximumReaders: Int
    /// How text matches are weighed.
    public var ranking: TextRanking

    public init(
        fsync: Bool = true,
        busyTimeoutSeconds: Double = 10,
        maximumReaders: Int = 4,
        ranking: TextRanking = TextRanking()
    ) {
        self.fsync = fsync
        self.busyTimeoutSeconds = busyTimeoutSeconds
        self.maximumReaders = maximumReaders
        self.ranking = ranking
    }
}
