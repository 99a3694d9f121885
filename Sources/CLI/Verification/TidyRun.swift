import ArgumentParser
import UnixSignals

/// Runs something that leaves traces, and takes them away whatever ends it.
///
/// Ctrl-C and SIGTERM end the work; the traces are then taken away for ten seconds at most, or until another signal comes.
struct TidyRun<Value: Sendable>: Sendable {
    private enum Outcome: Sendable {
        case ended(Result<Value, any Error>)
        case interrupted(UnixSignal)
    }

    let work: @Sendable () async throws -> Value
    /// Takes the traces away and says what could not be; ends early when it is cancelled.
    let tidy: @Sendable () async -> [String]

    /// - Throws: the work's error, or after a signal `ExitCode`: 130 or 143.
    func run() async throws -> Value {
        // A sequence of signals is read once, but both phases end by one.
        let (first, tellFirst) = AsyncStream.makeStream(of: UnixSignal.self, bufferingPolicy: .bufferingOldest(1))
        let (second, tellSecond) = AsyncStream.makeStream(of: UnixSignal.self, bufferingPolicy: .bufferingOldest(1))
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let outcome = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var isFirst = true
                for await signal in signals {
                    // Where the work has ended by itself, nobody listens for the first one any more.
                    if isFirst, case .enqueued = tellFirst.yield(signal) {
                        isFirst = false
                    } else {
                        tellSecond.yield(signal)
                    }
                }
            }
            defer { group.cancelAll() }
            let outcome = await worked(until: first)
            if case .interrupted = outcome { Terminal.error.line("Interrupted; what was made is being removed.") }
            let left = await tidied(after: outcome, until: second)
            if !left.isEmpty {
                Terminal.error.line(
                    "Left behind: \(left.joined(separator: ", ")). Remove them: hearth projects remove …, hearth sessions delete …, and the files."
                )
            }
            return outcome
        }
        switch outcome {
        case .ended(let result): return try result.get()
        case .interrupted(let signal): throw ExitCode(128 + signal.rawValue)
        }
    }

    private func worked(until signal: AsyncStream<UnixSignal>) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                do { return .ended(.success(try await work())) } catch { return .ended(.failure(error)) }
            }
            group.addTask { await signal.first { _ in true }.map(Outcome.interrupted) }
            var first: Outcome?
            while first == nil, let outcome = await group.next() { first = outcome }
            group.cancelAll()
            return first ?? .ended(.failure(CancellationError()))
        }
    }

    private func tidied(after outcome: Outcome, until signal: AsyncStream<UnixSignal>) async -> [String] {
        await withTaskGroup(of: [String]?.self) { group in
            group.addTask { await tidy() }
            group.addTask {
                _ = await signal.first { _ in true }
                return nil
            }
            if case .interrupted = outcome {
                group.addTask {
                    try? await Task.sleep(for: .seconds(10))
                    return nil
                }
            }
            // Whoever is first: the others end as soon as they are cancelled, and then the tidying says what is left.
            var left = await group.next() ?? nil
            group.cancelAll()
            for await said in group { left = left ?? said }
            return left ?? []
        }
    }
}
