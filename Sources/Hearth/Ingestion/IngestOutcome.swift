/// What became of one document.
public enum IngestOutcome: Hashable, Sendable {
    /// What was written of a document.
    public struct Indexed: Hashable, Sendable {
        public let passages: Int
        /// Passages whose vectors had to be computed.
        public let embedded: Int
        /// Passages that have no vector yet.
        public let unembedded: Int
        public let bytes: Int
        public let maskedSecrets: Int

        public init(passages: Int, embedded: Int, unembedded: Int, bytes: Int, maskedSecrets: Int) {
            self.passages = passages
            self.embedded = embedded
            self.unembedded = unembedded
            self.bytes = bytes
            self.maskedSecrets = maskedSecrets
        }
    }

    /// Its passages are in the index.
    case indexed(Indexed)
    case skipped(SkipReason)
    case removed
    /// The task belongs to a project or a generation that is gone, or somebody has written a later version of the document.
    case obsolete
}
