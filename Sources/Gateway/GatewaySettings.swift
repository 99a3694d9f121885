/// How a gateway behaves.
public struct GatewaySettings: Hashable, Sendable {
    /// The address to listen on. One that other machines reach needs an API key.
    public var host: String
    /// 0 takes a free port.
    public var port: Int
    /// Larger bodies are refused with 413.
    public var maximumBodyBytes: Int
    /// How long a stream may be silent before a comment is sent; at most 15 s, so that no proxy cuts it.
    public var keepAlive: Duration
    /// A question that was not begun by then fails.
    public var answerDeadline: Duration
    /// How far back a retry of the same request is recognised.
    public var deduplicationWindow: Duration
    /// Whether an answer that nobody waits for any more is stopped.
    public var cancelOnDisconnect: Bool
    /// The most questions that may wait; more are refused with 429.
    public var queueLimit: Int
    /// How many open questions of one API key go before those of the batch; further ones wait behind all keys'.
    public var keyShare: Int
    /// How many questions are answered at the same time, where it is known; 0 measures it.
    public var workerSlots: Int
    /// The most texts of one request for embeddings.
    public var maximumEmbeddingInputs: Int
    /// A connection on which nothing is read for so long is closed, unless an answer is on its way.
    public var idleTimeout: Duration
    /// How long open streams may go on after the wish to stop.
    public var shutdownGrace: Duration
    /// How soon a stream that hears nothing looks into the ledger, and how often it looks whether it is idle.
    public var tick: Duration
    /// A task that is not known to be on the bus after so long is published again.
    public var republishAfter: Duration
    /// What notifications of buckets must know; `nil` takes none.
    public var s3HookSecret: HookSecret?

    public init(
        host: String = "127.0.0.1",
        port: Int = 8080,
        maximumBodyBytes: Int = 16 << 20,
        keepAlive: Duration = .seconds(10),
        answerDeadline: Duration = .seconds(600),
        deduplicationWindow: Duration = .seconds(120),
        cancelOnDisconnect: Bool = true,
        queueLimit: Int = 256,
        keyShare: Int = 4,
        workerSlots: Int = 0,
        maximumEmbeddingInputs: Int = 2048,
        idleTimeout: Duration = .seconds(60),
        shutdownGrace: Duration = .seconds(30),
        tick: Duration = .milliseconds(250),
        republishAfter: Duration = .seconds(10),
        s3HookSecret: HookSecret? = nil
    ) {
        self.host = host
        self.port = port
        self.maximumBodyBytes = maximumBodyBytes
        self.keepAlive = min(keepAlive, .seconds(15))
        self.answerDeadline = answerDeadline
        self.deduplicationWindow = deduplicationWindow
        self.cancelOnDisconnect = cancelOnDisconnect
        self.queueLimit = queueLimit
        self.keyShare = max(1, keyShare)
        self.workerSlots = workerSlots
        self.maximumEmbeddingInputs = maximumEmbeddingInputs
        self.idleTimeout = idleTimeout
        self.shutdownGrace = shutdownGrace
        self.tick = tick
        self.republishAfter = republishAfter
        self.s3HookSecret = s3HookSecret
    }

    /// The most places of the queue that one API key may have.
    var keyLimit: Int { max(keyShare, queueLimit / 2) }

    /// Whether only this machine can reach the gateway.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
    }
}
