import Hearth
import Synchronization

/// Gathers writes that arrive together into one transaction, so that they share its round trips and its wait for the disk.
///
/// While one batch is on its way the next ones queue; when it ends, all of them go into one. If a batch fails, each of its
/// writes is tried alone: one that cannot succeed fails alone. The queue is as long as there are callers, who all wait.
final class WriteGatherer<Write: Sendable, Outcome: Sendable>: Sendable {
    typealias Commit = @Sendable ([Write]) async throws -> [Outcome]

    private enum Turn: Sendable {
        case done(Result<Outcome, any Error>)
        /// Commit the next batch, with the own write as its first.
        case lead
    }

    private struct Entry: Sendable {
        let write: Write
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct State {
        var waiting: [Entry] = []
        var isLed = false
    }

    private let limit: Int
    private let commit: Commit
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: the most writes of one batch.
    ///   - commit: writes all or none, and returns an outcome for each.
    init(limit: Int, _ commit: @escaping Commit) {
        self.limit = limit
        self.commit = commit
    }

    /// How many writes wait for the batch that is on its way.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Returns when the write is committed. Cancellation does not end the wait: what was begun is known to be done or not.
    func write(_ write: Write) async throws -> Outcome {
        let turn = await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                guard state.isLed else {
                    state.isLed = true
                    return true
                }
                state.waiting.append(Entry(write: write, continuation: continuation))
                return false
            }
            if leads { continuation.resume(returning: .lead) }
        }
        switch turn {
        case .done(let result): return try result.get()
        case .lead: return try await lead(with: write).get()
        }
    }

    private func lead(with own: Write) async -> Result<Outcome, any Error> {
        let others = state.withLock { state in
            let others = Array(state.waiting.prefix(limit - 1))
            state.waiting.removeFirst(others.count)
            return others
        }
        let results = await outcomes(of: [own] + others.map(\.write))
        let next = state.withLock { state in
            guard state.waiting.isEmpty else { return Optional(state.waiting.removeFirst()) }
            state.isLed = false
            return nil
        }
        next?.continuation.resume(returning: .lead)
        for (entry, result) in zip(others, results.dropFirst()) { entry.continuation.resume(returning: .done(result)) }
        return results[0]
    }

    /// A result for each write. The leader may be cancelled; the others' writes are not.
    private func outcomes(of writes: [Write]) async -> [Result<Outcome, any Error>] {
        let commit = commit
        do {
            return try await shielded { try await commit(writes) }.map { .success($0) }
        } catch {
            guard writes.count > 1 else { return [.failure(error)] }
        }
        var results: [Result<Outcome, any Error>] = []
        for write in writes {
            do {
                results.append(.success(try await shielded { try await commit([write]) }[0]))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }
}
