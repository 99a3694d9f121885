/// Who has which resource of a bounded pool, and who waits for one. First come, first served.
struct PoolMachine<Resource: Sendable, Waiter: Sendable>: Sendable {
    enum Taking: Sendable {
        case take(Resource)
        /// Make a resource, or call ``giveUp()``.
        case make
        case wait
        case closed
    }

    enum Return: Sendable {
        /// Hand it on.
        case lend(Resource, to: Waiter)
        case keep
        case close(Resource)
    }

    private let limit: Int
    private var made = 0
    // The one that came back last is the warmest.
    private var idle: [Resource] = []
    private var waiters: [(id: Int, waiter: Waiter)] = []
    /// Those whose wait was over before it had begun.
    private var early: Set<Int> = []
    private(set) var isClosed = false

    init(limit: Int) { self.limit = limit }

    var lent: Int { made - idle.count }

    mutating func take() -> Taking {
        if isClosed { return .closed }
        if let resource = idle.popLast() { return .take(resource) }
        guard made < limit else { return .wait }
        made += 1
        return .make
    }

    /// A resource that was to be made was not.
    mutating func giveUp() { made -= 1 }

    /// Lets `waiter` wait, or takes what has become free meanwhile. ``Taking/wait`` says that it waits now.
    mutating func wait(_ waiter: Waiter, id: Int) -> Taking {
        if early.remove(id) != nil { return .closed }
        let taking = take()
        if case .wait = taking { waiters.append((id, waiter)) }
        return taking
    }

    /// Ends a wait: the waiter, if it waits still.
    mutating func endWait(id: Int) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            early.insert(id)
            return nil
        }
        return waiters.remove(at: index).waiter
    }

    /// Called when the wait is over in any way.
    mutating func forgetWait(id: Int) { early.remove(id) }

    mutating func giveBack(_ resource: Resource) -> Return {
        if isClosed {
            made -= 1
            return .close(resource)
        }
        guard waiters.isEmpty else { return .lend(resource, to: waiters.removeFirst().waiter) }
        idle.append(resource)
        return .keep
    }

    /// From now on nothing is lent: what is to be closed now, and who is to be told.
    mutating func close() -> (idle: [Resource], waiters: [Waiter]) {
        isClosed = true
        defer { (idle, waiters) = ([], []) }
        made -= idle.count
        return (idle, waiters.map(\.waiter))
    }
}
