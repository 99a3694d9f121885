import Hearth
import Ollama
import Testing

@Suite("Line splitter")
struct LineSplitterTests {
    @Test("lines come out whole, however the bytes arrive")
    func anyPackets() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<200 {
            let lines = (0..<random.next(below: 8)).map { _ in
                (0..<random.next(below: 40)).map { _ in UInt8(ascii: "a") + UInt8(random.next(below: 26)) }
            }
            let ending: [UInt8] = random.next(below: 2) == 0 ? [10] : [13, 10]
            var rest = lines.flatMap { $0 + ending }[...]
            var splitter = LineSplitter(limit: 64)
            var found: [[UInt8]] = []
            while !rest.isEmpty {
                let size = 1 + random.next(below: 20)
                splitter.append(rest.prefix(size))
                rest = rest.dropFirst(size)
                while let line = try splitter.next() { found.append(line) }
            }
            #expect(found == lines)
            #expect(splitter.rest() == nil)
        }
    }

    @Test("what has no line end is the rest")
    func rest() throws {
        var splitter = LineSplitter(limit: 64)
        splitter.append(Array("one\ntwo".utf8))
        #expect(try splitter.next() == Array("one".utf8))
        #expect(try splitter.next() == nil)
        #expect(splitter.rest() == Array("two".utf8))
        #expect(splitter.rest() == nil)
    }

    @Test("a line over the limit is refused before it has ended")
    func limit() throws {
        var splitter = LineSplitter(limit: 10)
        splitter.append(Array(repeating: 97, count: 10))
        #expect(try splitter.next() == nil)
        splitter.append([97])
        #expect(throws: LineSplitter.LineTooLong(limit: 10)) { try splitter.next() }
    }
}
