/// One generation of one project's index.
public struct IndexReference: Hashable, Sendable, Codable {
    public let projectID: ProjectID
    public let generation: IndexGeneration.Name

    public init(projectID: ProjectID, generation: IndexGeneration.Name) {
        self.projectID = projectID
        self.generation = generation
    }
}
