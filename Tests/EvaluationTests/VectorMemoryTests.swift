import Foundation
import Hearth
import HearthTesting
import Synchronization
import Testing

@testable import Evaluation

/// Counts the texts that it is asked for.
private final class CountingEncoder: Hearth.Encoder {
    private let inner = HashedWordEncoder(dimension: 8)
    private let counted = Mutex(0)

    var identity: EncoderIdentity { inner.identity }
    var count: Int { counted.withLock { $0 } }

    func tokenCount(of text: Substring) -> Int { inner.tokenCount(of: text) }
    func encode(question: String) async throws -> QuestionVector { try await inner.encode(question: question) }
    func encode(_ texts: [String]) async throws -> [[Float]] {
        counted.withLock { $0 += texts.count }
        return try await inner.encode(texts)
    }
}

@Suite("Remembered vectors")
struct VectorMemoryTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hearth-memory-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test("a text is computed once, in this run and in the next, and its vector is the same to the last bit")
    func once() async throws {
        try await withFolder { folder in
            let counting = CountingEncoder()
            let first = RememberingEncoder(counting, memory: try VectorMemory(of: counting.identity, in: folder))
            let vectors = try await first.encode(["a lamp", "a crane", "a lamp"])
            #expect(counting.count == 2)
            #expect(vectors[0] == vectors[2] && vectors[0] != vectors[1])
            let second = RememberingEncoder(counting, memory: try VectorMemory(of: counting.identity, in: folder))
            #expect(try await second.encode(["a crane", "a ship", "a lamp"])[0] == vectors[1])
            #expect(counting.count == 3)
        }
    }

    @Test("a record that was cut off is computed again, and the file is whole afterwards")
    func cutOff() async throws {
        try await withFolder { folder in
            let counting = CountingEncoder()
            _ = try await RememberingEncoder(counting, memory: try VectorMemory(of: counting.identity, in: folder))
                .encode(["a lamp", "a crane"])
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            let url = URL(filePath: folder + "/" + name)
            try Data(contentsOf: url).dropLast(5).write(to: url)
            for _ in 0..<2 {
                _ = try await RememberingEncoder(counting, memory: try VectorMemory(of: counting.identity, in: folder))
                    .encode(["a lamp", "a crane"])
            }
            #expect(counting.count == 3)
        }
    }

    @Test("without a folder it remembers for the run")
    func withoutFolder() async throws {
        let counting = CountingEncoder()
        let encoder = RememberingEncoder(counting, memory: try VectorMemory(of: counting.identity, in: nil))
        _ = try await encoder.encode(["a lamp"])
        _ = try await encoder.encode(["a lamp"])
        #expect(counting.count == 1)
    }
}
