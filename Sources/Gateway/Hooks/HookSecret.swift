/// A secret that whoever calls a hook must know. It shows in no description, and so in no log.
public struct HookSecret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    /// `nil` for an empty secret: nobody could know it.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
    }

    /// Takes as long for a wrong secret as for a right one of the same length.
    func matches(_ text: (some StringProtocol)?) -> Bool {
        guard let text, text.utf8.count == bytes.count else { return false }
        return zip(text.utf8, bytes).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    public var description: String { "HookSecret(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
