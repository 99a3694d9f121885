import Hearth
import Pulsar

extension TaskBusError {
    static let closed = TaskBusError(.closed, "The task bus is closed, or was not started.")

    /// The same failure in the words of the bus.
    init(_ error: PulsarError) {
        let code: Code
        switch error.code {
        case .messageTooLarge, .invalidMessage: code = .invalid
        case .quotaExceeded: code = .full
        case .closed: code = .closed
        case .corruptMessage, .checksumMismatch: code = .corrupt
        // Also what waiting alone does not mend: whoever mends it need not restart Hearth.
        default: code = .unreachable
        }
        self.init(code, "Pulsar: \(error.message)", underlying: error.underlying)
    }

    /// Runs `body`; failures of Pulsar in it are thrown as failures of the bus.
    static func translating<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as PulsarError { throw TaskBusError(error) }
    }
}
