import Hearth

/// What kind of point it is. Passages have vectors; rows of the manifest and the generation have none.
enum PointKind: String, Codable, Sendable {
    case passage, document, generation
}

/// The names of the fields that filters use.
enum PointField {
    static let kind = "kind"
    static let project = "project"
    static let path = "path"
    /// All folders above a document, each with a slash at its end.
    static let folders = "folders"
    static let language = "language"
    static let revision = "revision"
    static let hash = "hash"
    static let passages = "passages"
    static let vectors = "vectors"
    static let written = "written"
}

/// A passage as a point has it, with the revision of its document that it is a part of.
struct PassagePayload: Codable, Sendable {
    var kind = PointKind.passage
    let project: String
    let path: String
    let folders: [String]
    let revision: String
    /// Seconds since 1970 at which its document began to be written.
    let written: Int
    let id: String
    let language: String
    let firstLine: Int
    let lastLine: Int
    let firstByte: Int
    let endByte: Int
    let version: String
    let symbol: String
    let header: String
    let text: String
    let hash: String

    init(_ passage: Passage, project: ProjectID, revision: String, written: Int) {
        self.project = project.rawValue
        path = passage.path
        folders = PathScope.folders(above: passage.path)
        self.revision = revision
        self.written = written
        id = passage.id
        language = passage.language
        firstLine = passage.lines.lowerBound
        lastLine = passage.lines.upperBound
        firstByte = passage.bytes.lowerBound
        endByte = passage.bytes.upperBound
        version = passage.documentVersion
        symbol = passage.symbol
        header = passage.header
        text = passage.text
        hash = passage.hash
    }

    var passage: Passage {
        Passage(
            id: id, path: path, language: language, lines: firstLine...max(firstLine, lastLine),
            bytes: firstByte..<max(firstByte, endByte), documentVersion: version, symbol: symbol, header: header,
            text: text, hash: hash)
    }
}

/// A row of the manifest. The passages of its revision are the document's; all others are nobody's.
struct DocumentPayload: Codable, Sendable {
    var kind = PointKind.document
    let project: String
    let path: String
    let folders: [String]
    let revision: String
    let tag: String
    let version: String
    let size: Int
    let language: String
    let passages: Int
    /// Whether its passages have all of their vectors: what a search looks for.
    let vectors: VectorState
    let unembedded: Int
    let skipped: SkipReason?

    init(_ document: IndexedDocument, project: ProjectID, revision: String) {
        self.project = project.rawValue
        path = document.path
        folders = PathScope.folders(above: document.path)
        self.revision = revision
        tag = document.tag
        version = document.version
        size = document.size
        language = document.language
        passages = document.passageCount
        vectors = document.unembedded == 0 ? .all : .some
        unembedded = document.unembedded
        skipped = document.skipped
    }

    var document: IndexedDocument {
        IndexedDocument(
            path: path, tag: tag, version: version, size: size, language: language, passageCount: passages,
            unembedded: unembedded, skipped: skipped)
    }
}

/// How many of a document's passages have a vector.
enum VectorState: String, Codable, Sendable {
    case some, all
}

/// What a generation was made with. Written last of all that makes a collection ready.
struct GenerationPayload: Codable, Sendable {
    var kind = PointKind.generation
    let project: String
    let generation: IndexGeneration
}

/// Which revision a point belongs to.
struct RevisionPayload: Decodable, Sendable, Hashable {
    let path: String
    let revision: String
}
