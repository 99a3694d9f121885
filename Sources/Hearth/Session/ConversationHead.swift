/// Recognises a conversation by its text.
///
/// Chat clients send the whole history with every question and no session id. The hash of what was said so far
/// (system messages left out, since clients put the date into them) is stored with the session when an answer
/// ends; the next request of the same conversation carries exactly that history before its last question.
public enum ConversationHead {
    /// - Parameter owner: the name of the API key, so that two users who say the same never share a session.
    public static func hash(of messages: [ChatMessage], project: ProjectID?, owner: String) -> String {
        var parts = [owner, project?.rawValue ?? ""]
        for message in messages where message.role != .system {
            parts.append(message.role.rawValue)
            parts.append(message.content.trimmingWhitespace())
        }
        return Digest.sha256(of: parts)
    }
}
