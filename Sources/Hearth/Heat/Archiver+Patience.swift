extension Archiver {
    /// Does what somebody waits for, but not for longer than `patience`: an object store that hangs is given a minute for each
    /// attempt, and whoever reads a conversation is not.
    ///
    /// - Throws: ``StoreError`` `unreachable` after that time, or what `body` throws.
    func patiently<Value: Sendable>(
        _ patience: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            let place = archive.location
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: patience)
                throw StoreError(
                    .unreachable, "The archive \(place) did not answer within \(patience). Try again later.")
            }
            defer { group.cancelAll() }
            for try await value in group { return value }
            throw CancellationError()
        }
    }
}
