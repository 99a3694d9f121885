/// What the client or the broker could not do.
///
/// ``code`` is for programs, ``message`` for people: it says what failed and what to do next.
public struct PulsarError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More may come; handle the unknown by ``PulsarError/isRetriable``.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case invalidConfiguration, invalidServiceURL, invalidTopic, invalidMessage
            case connectionFailed, connectionLost, protocolViolation, timeout, closed
            case authenticationFailed, notAuthorized, topicNotFound, subscriptionNotFound, topicTerminated
            case producerBusy, producerFenced, consumerBusy, consumerRefused, quotaExceeded, tooManyRequests
            case messageTooLarge, checksumMismatch, corruptMessage, unsupported, notAllowed
            case serviceNotReady, brokerFailure, lookupFailed, incompatibleSchema
        }
        let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }
        public var description: String { kind.rawValue }

        /// A setting is out of range, or two contradict each other.
        public static let invalidConfiguration = Self(.invalidConfiguration)
        /// The service URL is none, or has a scheme other than `pulsar` and `pulsar+ssl`.
        public static let invalidServiceURL = Self(.invalidServiceURL)
        /// The name of the topic is not valid.
        public static let invalidTopic = Self(.invalidTopic)
        /// The message cannot be published as it is, for example for its sequence id.
        public static let invalidMessage = Self(.invalidMessage)
        /// No connection to the broker could be made.
        public static let connectionFailed = Self(.connectionFailed)
        /// The connection ended while something waited for its answer.
        public static let connectionLost = Self(.connectionLost)
        /// The peer sent what the protocol does not allow; the connection was closed.
        public static let protocolViolation = Self(.protocolViolation)
        /// No answer within the time that the caller chose. Whether the broker acted is not known.
        public static let timeout = Self(.timeout)
        /// The client, producer or consumer was closed.
        public static let closed = Self(.closed)
        /// The broker does not accept the credentials.
        public static let authenticationFailed = Self(.authenticationFailed)
        /// The credentials are good, but do not allow this.
        public static let notAuthorized = Self(.notAuthorized)
        /// There is no such topic, and the broker does not create it.
        public static let topicNotFound = Self(.topicNotFound)
        /// There is no such subscription.
        public static let subscriptionNotFound = Self(.subscriptionNotFound)
        /// The topic takes no more messages.
        public static let topicTerminated = Self(.topicTerminated)
        /// Another producer has the name, or exclusive access.
        public static let producerBusy = Self(.producerBusy)
        /// Another producer took exclusive access over; this one is at its end.
        public static let producerFenced = Self(.producerFenced)
        /// Another consumer has the subscription exclusively.
        public static let consumerBusy = Self(.consumerBusy)
        /// The subscription does not fit those of its other consumers, for example by overlapping hash ranges.
        public static let consumerRefused = Self(.consumerRefused)
        /// The backlog quota of the topic is used up.
        public static let quotaExceeded = Self(.quotaExceeded)
        /// The broker has too much to do.
        public static let tooManyRequests = Self(.tooManyRequests)
        /// The message is larger than the broker takes, and chunking is off.
        public static let messageTooLarge = Self(.messageTooLarge)
        /// The broker received other bytes than were sent.
        public static let checksumMismatch = Self(.checksumMismatch)
        /// A message that was received cannot be read.
        public static let corruptMessage = Self(.corruptMessage)
        /// The broker, or this client, does not offer this.
        public static let unsupported = Self(.unsupported)
        /// The broker's policies do not allow this.
        public static let notAllowed = Self(.notAllowed)
        /// The broker is not ready to serve the topic, for example while it moves.
        public static let serviceNotReady = Self(.serviceNotReady)
        /// The broker could not read or write its own storage, or failed for a reason it does not tell.
        public static let brokerFailure = Self(.brokerFailure)
        /// It could not be found out which broker serves the topic.
        public static let lookupFailed = Self(.lookupFailed)
        /// The topic has a schema that messages without one do not fit.
        public static let incompatibleSchema = Self(.incompatibleSchema)
    }

    public let code: Code
    public let message: String
    public let underlying: (any Error)?

    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isRetriable: Bool {
        switch code.kind {
        case .connectionFailed, .connectionLost, .timeout, .serviceNotReady, .brokerFailure, .lookupFailed,
            .tooManyRequests, .quotaExceeded, .producerBusy, .consumerBusy, .protocolViolation, .checksumMismatch:
            true
        case .invalidConfiguration, .invalidServiceURL, .invalidTopic, .invalidMessage, .closed, .authenticationFailed,
            .notAuthorized, .topicNotFound, .subscriptionNotFound, .topicTerminated, .producerFenced, .consumerRefused,
            .messageTooLarge, .corruptMessage, .unsupported, .notAllowed, .incompatibleSchema:
            false
        }
    }

    public var description: String {
        underlying.map { "\(code): \(message) (\($0))" } ?? "\(code): \(message)"
    }
}
