/// How a client speaks to its server.
public struct S3ClientConfiguration: Sendable {
    /// Where the bucket's name goes.
    public enum Addressing: Hashable, Sendable {
        /// `https://host/bucket/key`: works everywhere but with some new buckets of AWS.
        case path
        /// `https://bucket.host/key`: needs a wildcard in DNS.
        case virtualHost
    }

    public var endpoint: S3Endpoint
    /// Part of the signature. Ceph takes any.
    public var region: String
    public var addressing: Addressing
    public var credentials: S3CredentialSource
    /// How often a request is sent at most.
    public var attempts: Int
    /// The wait before the second attempt; it doubles from attempt to attempt, and a random part of it is waited.
    public var firstBackoff: Duration
    public var longestBackoff: Duration

    public init(
        endpoint: S3Endpoint,
        region: String = "us-east-1",
        addressing: Addressing = .path,
        credentials: S3CredentialSource,
        attempts: Int = 5,
        firstBackoff: Duration = .milliseconds(200),
        longestBackoff: Duration = .seconds(10)
    ) {
        self.endpoint = endpoint
        self.region = region
        self.addressing = addressing
        self.credentials = credentials
        self.attempts = max(1, attempts)
        self.firstBackoff = firstBackoff
        self.longestBackoff = longestBackoff
    }
}
