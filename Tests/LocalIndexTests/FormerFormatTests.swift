import CVectorScan
import Foundation
import GRDB
import LocalIndex
import Testing

@Suite("Vector files of the former format")
struct FormerFormatTests {
    private let folder: TemporaryFolder
    private let texts = (0..<70).map { "text \($0)" }

    init() async throws {
        folder = try TemporaryFolder()
        let index = try Samples.open(folder)
        try await index.put("a", texts)
        try index.close()
        try writeFormer()
    }

    /// Puts a file as the former version wrote it, with codes of four bits that nobody reads, in the place of today's.
    private func writeFormer() throws {
        let queue = try DatabaseQueue(path: folder.file("index.sqlite").path)
        let identity = try queue.read { try Int.fetchOne($0, sql: "SELECT identity FROM state") ?? 0 }
        try queue.close()
        var file = Data("LIVECTOR".utf8)
        for number in [1, Samples.dimension, identity, 1] {
            withUnsafeBytes(of: UInt64(number).littleEndian) { file.append(contentsOf: $0) }
        }
        let record = cvs_fine_bytes(Samples.dimension)
        let checksums = 4096 + 4096 * (64 + 12)
        let vectors = checksums + 4096 * (4 + record)
        file.append(Data(count: vectors + 4096 * Samples.dimension * 4 - file.count))
        for (slot, text) in texts.enumerated() {
            let vector = Samples.vector(text)
            let checksum = cvs_checksum(vector, Samples.dimension, UInt64(slot))
            withUnsafeBytes(of: checksum) {
                file.replaceSubrange(checksums + slot * 4..<checksums + slot * 4 + 4, with: $0)
            }
            let place = vectors + slot * Samples.dimension * 4
            vector.withUnsafeBytes { file.replaceSubrange(place..<place + $0.count, with: $0) }
        }
        try file.write(to: folder.file("vectors.1"))
    }

    @Test("an index of the former format is opened, written anew and found as it was")
    func upgraded() async throws {
        let index = try Samples.open(folder)
        try await index.verify()
        let hits = try await index.searchVector(Samples.vector("text 42"), limit: 1)
        #expect(try await index.entries(rows: hits.map(\.row)).values.map(\.text) == ["text 42"])
        try await index.put("b", ["more"])
        try index.close()
        let again = try Samples.open(folder)
        try await again.verify()
        #expect(try await again.statistics().vectors == 71)
        #expect(!FileManager.default.fileExists(atPath: folder.file("vectors.1").path))
    }

    @Test("a damaged vector of the former format is refused, and the file stays")
    func damaged() throws {
        let file = try FileHandle(forWritingTo: folder.file("vectors.1"))
        try file.seek(toOffset: UInt64(4096 + 4096 * (64 + 12 + 4 + cvs_fine_bytes(Samples.dimension))))
        try file.write(contentsOf: Data([1, 2, 3]))
        try file.close()
        let failure = #expect(throws: LocalIndexError.self) { try Samples.open(folder) }
        #expect(failure?.code == .corrupted)
        #expect(FileManager.default.fileExists(atPath: folder.file("vectors.1").path))
    }
}
