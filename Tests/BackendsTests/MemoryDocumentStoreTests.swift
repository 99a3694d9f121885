import HearthTesting
import Testing

@Suite("Documents in memory")
struct MemoryDocumentStoreTests {
    @Test("they do what every document store does")
    func conformance() async throws {
        let suite = DocumentStoreConformance(MemoryDocumentStore(DocumentStoreConformance.documents))
        try await suite.listsInOrder()
        try await suite.readsWhatItLists()
        try await suite.refuses()
        try await DocumentStoreConformance.isNeverEmpty(MemoryDocumentStore())
        try await DocumentStoreConformance.isEmptiedByAnIgnoreFile(MemoryDocumentStore([".hearthignore": ""]))
    }
}
