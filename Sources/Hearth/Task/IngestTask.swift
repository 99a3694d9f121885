/// One document that changed, or went.
public struct IngestTask: Hashable, Sendable, Codable {
    /// What happened to the document.
    public enum Change: String, Sendable, Codable { case changed, deleted }

    public let projectID: ProjectID
    public let generation: IndexGeneration.Name
    public let path: String
    /// The document's tag at listing; a document that has moved on since is ingested as it is now.
    public let tag: String
    public let change: Change

    public init(
        projectID: ProjectID,
        generation: IndexGeneration.Name,
        path: String,
        tag: String,
        change: Change
    ) {
        self.projectID = projectID
        self.generation = generation
        self.path = path
        self.tag = tag
        self.change = change
    }

    /// The task as the bus carries it. Its id names the change, so that two listings publish it once.
    public func message() throws -> TaskMessage {
        TaskMessage(
            id: "ingest-"
                + Digest.sha256(of: [projectID.rawValue, generation.rawValue, path, tag, change.rawValue]).prefix(40),
            topic: .ingest,
            orderingKey: "\(projectID)/\(path)",
            payload: try TaskCoding.encode(self)
        )
    }
}
