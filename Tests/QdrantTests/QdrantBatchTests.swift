import Foundation
import Testing

@testable import Qdrant

@Suite("Batches of points")
struct QdrantBatchTests {
    private func bodies(_ points: [String], _ limits: QdrantBatchLimits) throws -> [String] {
        var batches = UpsertBatches(limits: limits)
        var bodies = try points.compactMap { try batches.add(Data($0.utf8)) }
        if let last = batches.finish() { bodies.append(last) }
        return bodies.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("are cut by their number")
    func number() throws {
        let limits = QdrantBatchLimits(points: 2, bytes: 1_000)
        #expect(
            try bodies(["1", "2", "3"], limits) == [#"{"points":[1,2]}"#, #"{"points":[3]}"#])
        #expect(try bodies([], limits).isEmpty)
    }

    @Test("are never longer than allowed, and lose and double nothing", arguments: 14...40)
    func bytes(limit: Int) throws {
        let points = (1...30).map { _ in "7" }
        let bodies = try bodies(points, QdrantBatchLimits(points: 100, bytes: limit))
        #expect(bodies.allSatisfy { $0.utf8.count <= limit })
        #expect(bodies.reduce(0) { $0 + $1.count { $0 == "7" } } == 30)
    }

    @Test("refuse a point that is too large alone, before anything is sent")
    func tooLarge() throws {
        let error = #expect(throws: QdrantError.self) {
            try bodies([String(repeating: "7", count: 100)], QdrantBatchLimits(points: 9, bytes: 64))
        }
        #expect(error?.code == .tooLarge && error?.isRetriable == false)
    }
}
