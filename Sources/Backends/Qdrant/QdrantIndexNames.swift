import Hearth
import Qdrant

/// The names of collections, aliases and points: the same for everybody who has the same settings.
///
/// `~` is in no project's and in no generation's name, so that a name has one meaning.
struct QdrantIndexNames: Sendable {
    let prefix: String

    /// The alias behind which is the generation that is searched.
    func alias(of project: ProjectID) -> String { "\(prefix)~\(project)" }

    func collection(of index: IndexReference) -> String { "\(alias(of: index.projectID))~\(index.generation)" }

    /// The generation of this project that a collection holds; `nil` for other collections.
    func generation(in collection: String, of project: ProjectID) -> IndexGeneration.Name? {
        let start = alias(of: project) + "~"
        guard collection.hasPrefix(start) else { return nil }
        return IndexGeneration.Name(rawValue: String(collection.dropFirst(start.count)))
    }

    /// The index that a collection holds; `nil` for collections of others.
    func index(in collection: String) -> IndexReference? {
        let parts = collection.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == prefix, let project = ProjectID(rawValue: parts[1]),
            let generation = IndexGeneration.Name(rawValue: parts[2])
        else { return nil }
        return IndexReference(projectID: project, generation: generation)
    }

    /// The point that says what the generation was made with.
    static let generationPoint = point(["generation"])

    /// A document's row in the manifest.
    static func row(of path: String, in project: ProjectID) -> QdrantPointID {
        point(["document", project.rawValue, path])
    }

    /// A passage of one revision of a document: two revisions stand beside each other until one is taken away.
    static func passage(_ number: Int, of path: String, revision: String, in project: ProjectID) -> QdrantPointID {
        point(["passage", project.rawValue, path, revision, String(number)])
    }

    private static func point(_ parts: [String]) -> QdrantPointID {
        let digits = Array(Digest.sha256(of: parts).utf8.prefix(32))
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { place in
            nibble(digits[place]) << 4 | nibble(digits[place + 1])
        }
        return QdrantPointID(hash: bytes)
    }

    private static func nibble(_ digit: UInt8) -> UInt8 {
        digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
    }
}
