import Backends
import Hearth

/// Opens what a project's source names: a folder, or an object store.
struct SourceStores: Sendable {
    private let configuration: EffectiveConfiguration
    private let memory = S3StoreMemory()

    init(_ configuration: EffectiveConfiguration) { self.configuration = configuration }

    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    func open(_ project: Project) throws -> any DocumentStore {
        guard ObjectLocation.isMeant(by: project.source) else {
            return try FolderDocumentStore(root: project.source, settings: project.settings)
        }
        return try S3DocumentStore(
            source: project.source, client: try S3Settings.client(configuration), settings: project.settings,
            memory: memory)
    }

    /// Looks whether the source can be read, and whether anything is in it.
    ///
    /// - Throws: ``StoreError`` or ``ConfigurationError``.
    func check(_ project: Project) async throws {
        for try await _ in try await open(project).list() { return }
    }
}
