extension RetryPolicy {
    /// The verdict on an attempt that ended with `error`.
    ///
    /// What will fail again in the same way is `done` once the client was told, and a dead letter only if a person
    /// could mend it.
    public func verdict(for error: any Error, attempt: Int) -> TaskVerdict {
        let reason = "\(error)"
        switch error {
        case is CancellationError:
            return .abandoned
        case let failure as TaskFailure:
            return failure.code == .projectNotReady || failure.code == .expired || failure.code == .modelNotFound
                || failure.code == .contextLengthExceeded ? .done : .deadLetter(reason: reason)
        case let error as GeneratorError:
            if !error.isRetriable, error.code != .refused { return .done }
            return verdict(isRetriable: error.isRetriable, attempt: attempt, reason: reason)
        case let error as EncoderError:
            return verdict(isRetriable: error.isRetriable, attempt: attempt, reason: reason)
        case let error as StoreError:
            return verdict(isRetriable: error.isRetriable, attempt: attempt, reason: reason)
        case let error as TaskBusError:
            return verdict(isRetriable: error.isRetriable, attempt: attempt, reason: reason)
        default:
            return verdict(isRetriable: true, attempt: attempt, reason: reason)
        }
    }
}
