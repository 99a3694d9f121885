import Testing
import Zstandard

@Suite("Zstandard")
struct ZstandardTests {
    private func text(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: ($0 * $0) >> 7) } }

    @Test("what is compressed comes back, frames one behind the other too", arguments: [0, 1, 1_000, 300_000])
    func roundTrip(count: Int) throws {
        let frame = try Zstandard.compress(text(count), level: 12)
        #expect(try Zstandard.decompress(frame, limit: count) == text(count))
        #expect(try Zstandard.decompress(frame + frame, limit: 2 * count) == text(count) + text(count))
    }

    @Test("what would become larger than the limit is refused before it is unpacked")
    func limit() throws {
        let frame = try Zstandard.compress([UInt8](repeating: 7, count: 100_000))
        #expect(throws: ZstandardError.self) { try Zstandard.decompress(frame, limit: 99_999) }
    }

    @Test("damaged and shortened frames are an error")
    func damage() throws {
        let frame = try Zstandard.compress(text(10_000))
        #expect(throws: ZstandardError.self) { try Zstandard.decompress(Array(frame.dropLast(3)), limit: 1 << 20) }
        #expect(throws: ZstandardError.self) { try Zstandard.decompress([1, 2, 3, 4, 5], limit: 1 << 20) }
        for offset in stride(from: 0, to: frame.count, by: 7) {
            var damaged = frame
            damaged[offset] ^= 0x55
            // Not every flipped bit is noticed (there is no checksum): what must not happen is a crash or too much memory.
            _ = try? Zstandard.decompress(damaged, limit: 1 << 20)
        }
    }
}
