import Foundation
import MiniLM
import Testing

@Suite("Weights")
struct SafeTensorsTests {
    private func damaged(_ change: (inout Data) -> Void) throws -> MiniLMError? {
        let folder = FileManager.default.temporaryDirectory.path + "/hearth-weights-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: Assets.directory + "/vocab.txt", toPath: folder + "/vocab.txt")
        var header = try Data(contentsOf: URL(filePath: Assets.directory + "/model.safetensors")).prefix(20_000)
        header = Data(header)
        change(&header)
        try header.write(to: URL(filePath: folder + "/model.safetensors"))
        do {
            _ = try SentenceEncoder(directory: folder)
            return nil
        } catch {
            return error
        }
    }

    @Test("a file that is cut off is refused")
    func truncated() throws {
        #expect(try damaged { _ in }?.code == .corruptWeights)
        #expect(try damaged { $0 = $0.prefix(5) }?.code == .corruptWeights)
        #expect(try damaged { $0 = Data() }?.code == .corruptWeights)
    }

    @Test("any damaged header is refused, never read beyond the file", arguments: 0..<20)
    func fuzzed(seed: Int) throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let error = try damaged { data in
            for _ in 0..<(1 + next(8)) { data[next(min(data.count, 12_000))] = UInt8(next(256)) }
        }
        #expect(error?.code == .corruptWeights)
    }
}
