/// One change of a scratch project's files.
enum FileChange: Hashable, Sendable {
    case write(path: String, text: String)
    case delete(path: String)
    case rename(from: String, to: String)
}
