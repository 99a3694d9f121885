/// What an encoder could not do.
public struct EncoderError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// It does not answer. Retriable.
        case unavailable
        /// A text has more tokens than the encoder takes.
        case tooLong
        /// The vectors have another dimension than was agreed.
        case dimensionMismatch
        /// The server has another model under the name than the one that was chosen.
        case changed
        /// It will not do this request.
        case refused
    }

    public let code: Code
    /// One sentence: what failed and what to do next.
    public let message: String
    public let underlying: (any Error)?

    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    public var isRetriable: Bool { code == .unavailable }
    public var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}

extension EncoderError {
    /// Vectors that fit into no index of what was agreed.
    public static func otherDimension(_ identity: EncoderIdentity, expected: Int) -> EncoderError {
        EncoderError(
            .dimensionMismatch,
            "The encoder \(identity.name) makes vectors of \(identity.dimension) numbers, but \(expected) were agreed. "
                + "Check its server's configuration.")
    }

    /// A model that was replaced behind its name.
    public static func changed(
        _ choice: EncoderChoice,
        from old: EncoderIdentity,
        to new: EncoderIdentity
    ) -> EncoderError {
        EncoderError(
            .changed,
            "\(choice) was \(old) when it was chosen and is \(new) now. Restore the old model, or take the new one: "
                + "hearth projects encoder <project> \(choice)")
    }
}
