/// The broker's error numbers, as they stand in ERROR, SEND_ERROR, ACK_RESPONSE and the lookup's answers.
///
/// Source: `ServerError` of Pulsar's binary protocol.
enum ServerErrorCode: Int32, Sendable {
    case unknown = 0
    case metadata, persistence, authentication, authorization, consumerBusy, serviceNotReady
    case producerBlockedQuotaExceededError, producerBlockedQuotaExceededException
    case checksum, unsupportedVersion, topicNotFound, subscriptionNotFound, consumerNotFound, tooManyRequests
    case topicTerminated, producerBusy, invalidTopicName, incompatibleSchema, consumerAssign
    case transactionCoordinatorNotFound, invalidTransactionStatus, notAllowed, transactionConflict, transactionNotFound
    case producerFenced

    /// A number that this client does not know is an error of unknown kind.
    init(number: Int32) { self = Self(rawValue: number) ?? .unknown }

    var code: PulsarError.Code {
        switch self {
        case .unknown, .metadata, .persistence: .brokerFailure
        case .authentication: .authenticationFailed
        case .authorization: .notAuthorized
        case .consumerBusy: .consumerBusy
        case .serviceNotReady, .consumerNotFound: .serviceNotReady
        case .producerBlockedQuotaExceededError, .producerBlockedQuotaExceededException: .quotaExceeded
        case .checksum: .checksumMismatch
        case .unsupportedVersion: .unsupported
        case .topicNotFound: .topicNotFound
        case .subscriptionNotFound: .subscriptionNotFound
        case .tooManyRequests: .tooManyRequests
        case .topicTerminated: .topicTerminated
        case .producerBusy: .producerBusy
        case .invalidTopicName: .invalidTopic
        case .incompatibleSchema: .incompatibleSchema
        case .consumerAssign: .consumerRefused
        case .transactionCoordinatorNotFound, .invalidTransactionStatus, .transactionConflict, .transactionNotFound,
            .notAllowed:
            .notAllowed
        case .producerFenced: .producerFenced
        }
    }
}

extension PulsarError {
    /// The broker's refusal of `what`.
    init(server number: Int32, _ text: String, refusing what: String) {
        let code = ServerErrorCode(number: number)
        let reason = text.isEmpty ? "error \(number)" : String(text.prefix(500))
        self.init(code.code, "The broker refused \(what): \(reason).", underlying: nil)
    }
}
