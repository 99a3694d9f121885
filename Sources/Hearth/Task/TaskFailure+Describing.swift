extension TaskFailure {
    /// What the client is told of an error that ended its question.
    public init(describing error: any Error) {
        switch error {
        case let failure as TaskFailure:
            self = failure
        case let error as GeneratorError:
            let code: Code =
                switch error.code {
                case .unavailable, .overloaded, .malformedReply: .generatorUnavailable
                case .modelNotFound: .modelNotFound
                case .contextLengthExceeded: .contextLengthExceeded
                case .refused: .generatorRefused
                }
            self.init(code, error.message)
        case let error as EncoderError:
            self.init(.retrievalFailed, error.message)
        case let error as StoreError:
            self.init(.storageFailed, error.message)
        default:
            self.init(.internalError, "The worker could not finish this question. Its log has the details.")
        }
    }
}
