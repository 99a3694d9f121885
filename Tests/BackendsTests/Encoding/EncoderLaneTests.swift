import Dispatch
import Foundation
import Testing

@testable import Backends

@Suite("Lanes of an encoder")
struct EncoderLaneTests {
    @Test("what waits is taken by whichever thread is free", .timeLimit(.minutes(1)))
    func free() async throws {
        let lane = EncoderLane(label: "test", width: 2, quality: .utility)
        let gate = DispatchSemaphore(value: 0)
        async let long: Void = lane.run { gate.wait() }
        for number in 0..<5 { #expect(try await lane.run { number } == number) }
        gate.signal()
        try await long
    }

    @Test("an error of the work is the caller's")
    func failure() async {
        struct Refused: Error {}
        let lane = EncoderLane(label: "test", width: 1, quality: .utility)
        await #expect(throws: Refused.self) { try await lane.run { throw Refused() } }
    }
}
