import Synchronization

/// Hands out 0, 1, …, `count` − 1, 0, … to whoever asks.
final class RoundRobin: Sendable {
    private let count: Int
    private let turn = Atomic(0)

    init(count: Int) { self.count = count }

    func next() -> Int {
        let previous = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return Int(UInt(bitPattern: previous) % UInt(count))
    }
}
