/// How much work waits on a topic.
public struct TaskBacklog: Hashable, Sendable, Codable {
    /// Tasks that could be handed out now, were a worker free.
    public var ready: Int
    /// Tasks that wait for their moment: delayed, between retries, or behind another of their ordering key.
    public var waiting: Int
    /// Tasks in the hands of workers.
    public var inFlight: Int
    public var deadLetters: Int
    /// Age of the oldest ready task in seconds; 0 if there is none.
    public var oldestReadyAge: Double

    public init(ready: Int = 0, waiting: Int = 0, inFlight: Int = 0, deadLetters: Int = 0, oldestReadyAge: Double = 0) {
        self.ready = ready
        self.waiting = waiting
        self.inFlight = inFlight
        self.deadLetters = deadLetters
        self.oldestReadyAge = oldestReadyAge
    }
}
