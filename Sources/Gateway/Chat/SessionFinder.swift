import HTTPTypes
import Hearth
import OpenAI

/// Finds the session that a request belongs to.
///
/// In this order: the header `x-hearth-session`, the field `metadata.session_id`, the session whose conversation the
/// request carries on, a fresh one.
struct SessionFinder: Sendable {
    let timeline: any Timeline

    /// - Throws: ``APIError`` 400 for an id that is none, or that belongs to another project; ``StoreError``.
    func session(
        for messages: [ChatMessage],
        header: String?,
        metadata: [String: String]?,
        project: ProjectID?,
        owner: String
    ) async throws -> SessionID {
        if let header { return try await named(header, param: "x-hearth-session", project: project) }
        if let id = metadata?["session_id"] {
            return try await named(id, param: "metadata.session_id", project: project)
        }
        if let last = messages.lastIndex(where: { $0.role == .user }) {
            let earlier = Array(messages[..<last])
            if earlier.contains(where: { $0.role == .assistant }) {
                let head = ConversationHead.hash(of: earlier, project: project, owner: owner)
                if let session = try await timeline.session(continuing: head), session.projectID == project {
                    return session.id
                }
            }
        }
        return .next()
    }

    private func named(_ text: String, param: String, project: ProjectID?) async throws -> SessionID {
        guard let id = SessionID(rawValue: text) else {
            throw APIError.invalid("A session id has 1 to 64 letters, digits, '-' and '_'.", param: param)
        }
        // A session's earlier messages go into the prompt, so it must not be reached through another project.
        if let session = try await timeline.session(id), session.projectID != project {
            throw APIError.invalid("The session '\(id)' belongs to another model. Begin a new one.", param: param)
        }
        return id
    }
}
