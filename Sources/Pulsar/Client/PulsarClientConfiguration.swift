/// How a client reaches its cluster.
public struct PulsarClientConfiguration: Sendable {
    public var serviceURL: ServiceURL
    public var authentication: Authentication
    public var tls: TLSConfigurationOptions
    /// For TCP, TLS and the handshake together.
    public var connectTimeout: Duration
    /// For the broker's answer to a request, and for making a producer, consumer or reader with all that it takes.
    public var operationTimeout: Duration
    /// A broker that says nothing for so long is asked for a sign of life; after as long again it is given up.
    public var keepAlive: Duration
    /// The waits between attempts to reconnect: doubling from the first to the longest.
    public var firstBackoff: Duration
    public var longestBackoff: Duration
    /// How often topics are looked at for new partitions, and namespaces for new topics of a pattern.
    public var discoveryInterval: Duration
    /// Which of the broker's advertised addresses to use, where it has several.
    public var listenerName: String?

    /// - Throws: ``PulsarError`` with code `invalidServiceURL`.
    public init(serviceURL: String) throws {
        self.init(serviceURL: try ServiceURL(serviceURL))
    }

    public init(serviceURL: ServiceURL) {
        self.serviceURL = serviceURL
        authentication = .none
        tls = TLSConfigurationOptions()
        connectTimeout = .seconds(10)
        operationTimeout = .seconds(30)
        keepAlive = .seconds(30)
        firstBackoff = .milliseconds(100)
        longestBackoff = .seconds(60)
        discoveryInterval = .seconds(60)
    }

    var backoff: Backoff { Backoff(first: firstBackoff, longest: longestBackoff) }
}
