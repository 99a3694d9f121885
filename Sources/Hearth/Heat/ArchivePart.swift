public import FoundationEssentials

/// A session's place in an object of the archive.
public struct ArchivePart: Hashable, Sendable, Codable {
    public let session: SessionID
    /// The key of the object.
    public let object: String
    /// The compressed frame within the object that holds the session; other sessions may be in the same one.
    public let frame: Range<Int>
    /// The session's share of the frame.
    public let tally: HeatTally
    /// When its first and its last message were created.
    public let oldest: Date
    public let newest: Date

    public init(
        session: SessionID,
        object: String,
        frame: Range<Int>,
        tally: HeatTally,
        oldest: Date,
        newest: Date
    ) {
        self.session = session
        self.object = object
        self.frame = frame
        self.tally = tally
        self.oldest = oldest
        self.newest = newest
    }
}
