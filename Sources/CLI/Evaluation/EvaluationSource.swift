import Backends
import Evaluation
import FoundationEssentials
import Hearth

/// What `hearth eval` was told to evaluate: a folder, or a project by its name.
struct EvaluationSource {
    let name: String
    let store: any DocumentStore
    let encoder: EncoderChoice?
    /// The folder, if it is one.
    let folder: String?

    /// - Throws: ``ConfigurationError`` or ``StoreError``.
    init(_ text: String, _ configuration: EffectiveConfiguration) async throws {
        let path = DataDirectory.absolute(text)
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
            name = path.split(separator: "/").last.map(String.init) ?? "root"
            store = try FolderDocumentStore(root: path)
            (encoder, folder) = (nil, path)
        } else {
            let project = try await StoreComposition(configuration).project(named: text)
            name = project.id.rawValue
            store = try SourceStores(configuration).open(project)
            encoder = project.settings.encoder?.choice
            folder = ObjectLocation.isMeant(by: project.source) ? nil : project.source
        }
    }

    var history: GitHistory? {
        folder.flatMap { GitHistory.isRepository($0) ? GitHistory(folder: $0) : nil }
    }
}
