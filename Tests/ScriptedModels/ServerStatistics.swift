import Synchronization

/// What a scripted server has done so far.
public final class ServerStatistics: Sendable {
    public struct Counts: Sendable, Codable, Hashable {
        /// Requests for text.
        public var requests = 0
        /// Requests that are being answered now.
        public var active = 0
        public var mostActive = 0
        /// Requests whose client went away before the end.
        public var abandoned = 0
        /// Steps of scripts that were carried out.
        public var steps = 0
        public var finished = 0
        /// Texts of each request for vectors.
        public var embedded: [Int] = []
    }

    private let counts = Mutex(Counts())

    public init() {}

    public var now: Counts { counts.withLock { $0 } }

    func begin() -> Int {
        counts.withLock { counts in
            counts.requests += 1
            counts.active += 1
            counts.mostActive = max(counts.mostActive, counts.active)
            return counts.requests
        }
    }

    func embed(_ texts: Int) { counts.withLock { $0.embedded.append(texts) } }

    func step() { counts.withLock { $0.steps += 1 } }

    func end(abandoned: Bool) {
        counts.withLock { counts in
            counts.active -= 1
            if abandoned { counts.abandoned += 1 } else { counts.finished += 1 }
        }
    }
}
