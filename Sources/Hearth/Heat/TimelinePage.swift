/// A page of a session as a timeline's own store has it.
public struct TimelinePage: Hashable, Sendable {
    /// Hot and warm ones, oldest first.
    public let messages: [Message]
    /// Where older or newer ones are in the archive.
    public let parts: [ArchivePart]

    public init(messages: [Message], parts: [ArchivePart]) {
        self.messages = messages
        self.parts = parts
    }
}
