public import Hearth

/// All documents of a codebase as questions are made of them, in the order of their paths.
public struct Corpus: Sendable {
    public let files: [SourceFile]
    private let byPath: [String: Int]

    public init(_ files: [SourceFile]) {
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        byPath = Dictionary(
            self.files.enumerated().map { ($0.element.path, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads everything that an ingestion would read.
    ///
    /// - Throws: ``StoreError``.
    public static func read(
        _ store: any DocumentStore,
        outliner: any SyntaxOutliner,
        limit: Int = ProjectSettings().maximumDocumentBytes
    ) async throws -> Corpus {
        var files: [SourceFile] = []
        for try await listing in try await store.list() where listing.skipped == nil {
            guard let document = try await store.read(listing.path, limit: limit) else { continue }
            if let file = SourceFile(path: listing.path, bytes: document.bytes, outliner: outliner) {
                files.append(file)
            }
        }
        return Corpus(files)
    }

    subscript(path: String) -> SourceFile? { byPath[path].map { files[$0] } }

    /// Sources that are no tests.
    var code: [SourceFile] { files.filter { $0.language.kind == .code && !$0.isTest } }
}
