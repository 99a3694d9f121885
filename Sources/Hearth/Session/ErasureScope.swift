/// What is removed together.
public enum ErasureScope: Sendable, Hashable {
    /// One conversation.
    case session(SessionID)
    /// All that belongs to a project.
    case project(ProjectID)
}
