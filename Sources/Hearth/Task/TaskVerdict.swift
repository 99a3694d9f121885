/// What becomes of a delivered task. Decided in one place, acted on by one switch in the bus.
public enum TaskVerdict: Hashable, Sendable {
    /// The work is finished, or will never be wanted: the task leaves the bus.
    case done
    /// Hand it out again after the delay; one attempt is used up.
    case retry(after: Duration, reason: String)
    /// Set it aside for a person to look at.
    case deadLetter(reason: String)
    /// The worker is stopping: hand it out again at once; no attempt is used up.
    case abandoned
}
