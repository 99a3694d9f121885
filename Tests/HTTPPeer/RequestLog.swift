import Synchronization

/// Keeps what a peer was asked.
public final class RequestLog: Sendable {
    private let requests = Mutex<[HTTPPeer.Request]>([])

    public init() {}

    /// All requests so far, in their order.
    public var all: [HTTPPeer.Request] { requests.withLock { $0 } }

    /// Keeps a request.
    public func add(_ request: HTTPPeer.Request) { requests.withLock { $0.append(request) } }
}
