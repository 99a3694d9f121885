/// Which of two waiting tasks goes first. Within one priority the older goes first.
public enum TaskPriority: Int, Sendable, Codable, CaseIterable, Comparable {
    /// Nobody is waiting: vectors of documents that can be found already, background questions.
    case batch = 0
    /// Somebody is waiting for the answer, or to be able to ask.
    case interactive = 1

    public static func < (left: TaskPriority, right: TaskPriority) -> Bool { left.rawValue < right.rawValue }
}
