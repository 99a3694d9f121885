public import FoundationEssentials

/// Names one question from the gateway through the bus, the worker and the ledger to the answer.
///
/// Also the id of the task, of the trace and, behind `chatcmpl-`, of the chat completion that a client sees.
public struct CorrelationID: Hashable, Sendable, RawRepresentable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Accepts 1…64 ASCII letters, digits, `-` and `_`; anything else is `nil`, so that an id is safe in
    /// a header, a topic name, a file name and a log line.
    public init?(rawValue: String) {
        guard Identifier.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(trusted: String) { rawValue = trusted }

    /// A fresh id that sorts by its time of making (the layout of RFC 9562's UUID version 7, without hyphens).
    public static func next(at date: Date = Date()) -> CorrelationID {
        CorrelationID(trusted: Identifier.timeOrdered(at: date))
    }

    public var description: String { rawValue }
}
