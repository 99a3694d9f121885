/// What became of one document.
public enum IngestOutcome: Hashable, Sendable {
    /// Its passages are in the index; `embedded` of them had to be encoded.
    case indexed(passages: Int, embedded: Int, bytes: Int, maskedSecrets: Int)
    case skipped(SkipReason)
    case removed
    /// The task belongs to a project or a generation that is gone.
    case obsolete
}
