/// Keeps passages and finds them again, one index per project and generation.
///
/// It also keeps the manifest: which documents are in it, in which version. A document's row is written with its
/// passages or after them, never before. All methods throw ``StoreError``; a vector of another dimension than the
/// generation's is a `conflict` before anything is written.
public protocol PassageIndex: Sendable {
    /// Makes the generation ready to be written; changes nothing if it is.
    func prepare(_ generation: IndexGeneration, of project: ProjectID) async throws -> IndexReference
    /// Makes the generation the one that is searched, at once for everybody.
    func activate(_ index: IndexReference) async throws
    /// The generation that is searched; `nil` before the first was activated.
    func active(of project: ProjectID) async throws -> IndexReference?
    /// All indexes, of whatever project, whose vectors could stand in the generation: of its encoder and dimension.
    func indexes(encodedLike generation: IndexGeneration) async throws -> [IndexReference]
    /// What the generation was made with; throws `notFound` if there is no such index.
    func generation(of index: IndexReference) async throws -> IndexGeneration
    /// Removes generations of the project other than `kept`. Called whenever an index agrees with its source, so also the
    /// moment to tidy that one up.
    func dropGenerations(of project: ProjectID, except kept: IndexReference?) async throws

    /// Replaces what the index has of a document. A reader sees the old passages or the new ones, never both. A passage
    /// without a vector is found by its words and names until it is written with one.
    func replace(_ document: IndexedDocument, with passages: [IndexedPassage], in index: IndexReference) async throws
    /// Removes documents with their passages; a path that is not there is no error.
    func remove(_ paths: [String], from index: IndexReference) async throws
    /// The manifest, by path.
    func documents(in index: IndexReference) async throws -> [IndexedDocument]
    /// The row of one document.
    func document(_ path: String, in index: IndexReference) async throws -> IndexedDocument?
    /// Vectors that the index has already, by the hash of the text that they were computed from.
    func vectors(for hashes: [String], in index: IndexReference) async throws -> [String: [Float]]
    /// How much is in the index.
    func statistics(of index: IndexReference) async throws -> IndexStatistics

    /// The candidates of both halves. Any text is a valid query.
    func search(_ query: PassageQuery, in index: IndexReference) async throws -> PassageCandidates
    /// The passages of one document, in their order.
    func passages(of path: String, in index: IndexReference) async throws -> [Passage]
}
