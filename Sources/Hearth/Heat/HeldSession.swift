/// All that a timeline's own store holds of a session, hot and warm.
public struct HeldSession: Hashable, Sendable, Identifiable {
    public let id: SessionID
    /// Changes with every change of the session's messages: what was read under an older one is out of date.
    public let revision: Int
    /// In their order, each once.
    public let messages: [Message]

    public init(id: SessionID, revision: Int, messages: [Message]) {
        self.id = id
        self.revision = revision
        self.messages = messages
    }
}
