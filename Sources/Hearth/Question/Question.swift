/// What somebody wants to know, with the conversation that it stands in.
public struct Question: Hashable, Sendable, Codable {
    /// The project that is asked; `nil` asks the model alone, without retrieval.
    public var projectID: ProjectID?
    public var sessionID: SessionID
    /// The conversation as the client sent it. The last message of role `user` is the question.
    public var messages: [ChatMessage]
    /// The name that the client asked for and reads in the answer: `hearth/<project>` or a model's own.
    public var model: String
    public var options: GenerationOptions
    public var filter: PassageFilter

    public init(
        projectID: ProjectID?,
        sessionID: SessionID,
        messages: [ChatMessage],
        model: String,
        options: GenerationOptions = GenerationOptions(),
        filter: PassageFilter = PassageFilter()
    ) {
        self.projectID = projectID
        self.sessionID = sessionID
        self.messages = messages
        self.model = model
        self.options = options
        self.filter = filter
    }

    /// The text of the last user message; empty if there is none.
    public var text: String { messages.last { $0.role == .user }?.content ?? "" }

    /// The user's messages before the last one, oldest first.
    public var earlierQuestions: [String] {
        messages.filter { $0.role == .user }.dropLast().map(\.content)
    }
}
