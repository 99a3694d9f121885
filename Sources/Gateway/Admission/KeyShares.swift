import Synchronization

/// Counts the questions of each API key that are open in this gateway.
///
/// Fairness among keys: the first few open questions of a key are interactive, its further ones wait behind those of all
/// keys; and no key has more than half of the places. So whoever asks a hundred questions at once delays a key that asks
/// one by a few answers at most, and cannot fill the queue.
package final class KeyShares: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    package init() {}

    /// Counts a question as open for as long as the share is held.
    package func enter(_ key: String) -> KeyShare {
        let number = counts.withLock { counts in
            counts[key, default: 0] += 1
            return counts[key] ?? 1
        }
        return KeyShare(number: number) { [weak self] in self?.leave(key) }
    }

    private func leave(_ key: String) {
        counts.withLock { counts in
            let left = (counts[key] ?? 1) - 1
            counts[key] = left > 0 ? left : nil
        }
    }

    /// How many keys have open questions.
    package var keys: Int { counts.withLock { $0.count } }
}
