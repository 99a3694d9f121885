import Hearth
import Logging

/// An index that is filled in an order that never differs, so that equal texts give equal ranks down to the ties.
struct ScratchIndex: Sendable {
    /// Documents that are prepared side by side, while one is written.
    private static let window = 4

    private let index: any PassageIndex
    private let maker: PassageMaker
    private let indexer: DocumentIndexer
    let reference: IndexReference

    init(_ view: QuestionKind.View, index: any PassageIndex, maker: PassageMaker, logger: Logger) async throws {
        self.index = index
        self.maker = maker
        indexer = DocumentIndexer(index: index, logger: logger)
        guard let project = ProjectID(rawValue: "eval-" + view.rawValue) else {
            throw EvaluationError(.noQuestions, "The view \(view.rawValue) has no valid name.")
        }
        reference = try await index.prepare(maker.generation, of: project)
    }

    /// Writes documents in the order given.
    ///
    /// - Throws: ``StoreError`` or ``EncoderError``.
    func write(_ documents: [(path: String, bytes: [UInt8])], progress: @Sendable (Int) -> Void = { _ in }) async throws
    {
        let (indexer, maker, reference) = (indexer, maker, reference)
        try await withThrowingTaskGroup(of: (Int, DocumentIndexer.Prepared).self) { group in
            var next = 0
            var ready: [Int: DocumentIndexer.Prepared] = [:]
            func start() {
                guard next < documents.count else { return }
                let (number, document) = (next, Self.document(documents[next]))
                next += 1
                group.addTask { (number, try await indexer.prepare(document, by: maker, in: reference)) }
            }
            for _ in 0..<Self.window { start() }
            var written = 0
            while let (number, prepared) = try await group.next() {
                ready[number] = prepared
                while let prepared = ready.removeValue(forKey: written) {
                    _ = try await indexer.write(prepared, in: reference)
                    written += 1
                    progress(written)
                    start()
                }
            }
        }
    }

    func remove(_ paths: [String]) async throws { try await index.remove(paths, from: reference) }

    func search(_ text: String, _ vector: [Float], limit: Int) async throws -> PassageCandidates {
        try await index.search(PassageQuery(text: text, vector: vector, limit: limit), in: reference)
    }

    /// Whether there is anything of a document to find.
    func holds(_ path: String) async throws -> Bool {
        try await index.document(path, in: reference).map { $0.passageCount > 0 } ?? false
    }

    func statistics() async throws -> IndexStatistics { try await index.statistics(of: reference) }

    private static func document(_ document: (path: String, bytes: [UInt8])) -> Document {
        let version = Digest.sha256(document.bytes)
        return Document(path: document.path, tag: version, version: version, bytes: document.bytes)
    }
}
