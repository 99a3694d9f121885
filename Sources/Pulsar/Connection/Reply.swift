/// What the broker answered to a request.
enum Reply: Sendable {
    case success
    case producer(WireProducerSuccess)
    case partitions(Int)
    case lookup(WireLookupResponse)
    case lastMessageID(MessageID, markDelete: MessageID?)
    case topics([String])
}

/// What a request waits for. Ids are unique per connection; the kind guards against a broker that mixes them up.
enum RequestKind: Hashable, Sendable {
    /// SUCCESS, PRODUCER_SUCCESS or ERROR.
    case operation
    case partitions
    case lookup
    case lastMessageID
    case topics
    case acknowledgement
}
