/// The encoder of a project: what was chosen, and what that was when it was chosen.
public struct ProjectEncoder: Hashable, Sendable, Codable, CustomStringConvertible {
    public let choice: EncoderChoice
    /// What the server had then. A server that has another model under the same name now is refused, since its vectors
    /// mean nothing beside the old ones; `nil` until the project is ingested.
    public var pinned: EncoderIdentity?

    public init(choice: EncoderChoice, pinned: EncoderIdentity? = nil) {
        self.choice = choice
        self.pinned = pinned
    }

    /// Whether an index of that generation was made with it.
    func made(_ generation: IndexGeneration) -> Bool {
        pinned.map { $0.fingerprint == generation.encoder } ?? choice.isEmbedded
    }

    public var description: String { choice.description }
}
