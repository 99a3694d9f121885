/// A part of the work on one document that changed, or went.
///
/// Vectors take most of the time, so that they come last: the words of all documents first.
public struct IngestTask: Hashable, Sendable, Codable {
    /// What is to be done.
    public enum Work: String, Sendable, Codable {
        /// Its passages go into the index, with those of their vectors that are known.
        case words
        /// The same with all vectors.
        case vectors
        case removal
    }

    public let projectID: ProjectID
    public let generation: IndexGeneration.Name
    public let path: String
    /// The document's tag at listing; a document that has moved on since is ingested as it is now.
    public let tag: String
    public let work: Work

    public init(
        projectID: ProjectID,
        generation: IndexGeneration.Name,
        path: String,
        tag: String,
        work: Work
    ) {
        self.projectID = projectID
        self.generation = generation
        self.path = path
        self.tag = tag
        self.work = work
    }

    /// What is left to do once this is done, if the document has passages without vectors.
    var next: IngestTask? {
        guard work == .words else { return nil }
        return IngestTask(projectID: projectID, generation: generation, path: path, tag: tag, work: .vectors)
    }

    /// The task as the bus carries it. Its id names the change, so that two listings publish it once.
    public func message() throws -> TaskMessage {
        TaskMessage(
            id: "ingest-"
                + Digest.sha256(of: [projectID.rawValue, generation.rawValue, path, tag, work.rawValue]).prefix(40),
            topic: .ingest,
            priority: work == .vectors ? .batch : .interactive,
            orderingKey: "\(projectID)/\(path)",
            payload: try TaskCoding.encode(self)
        )
    }
}
