import Hearth
import OpenAI
import Testing

@Suite("Event stream parser")
struct EventStreamParserTests {
    private func events(_ bytes: [UInt8], packets: [Int]? = nil) throws -> [EventStreamParser.Event] {
        var parser = EventStreamParser()
        var events: [EventStreamParser.Event] = []
        var rest = bytes[...]
        var sizes = packets ?? [bytes.count]
        while !rest.isEmpty {
            let size = max(1, sizes.isEmpty ? rest.count : sizes.removeFirst())
            parser.append(rest.prefix(size))
            rest = rest.dropFirst(size)
            while let event = try parser.next() { events.append(event) }
        }
        return events
    }

    @Test("reads fields as the standard says")
    func standard() throws {
        let stream = """
            \u{FEFF}: a comment
            data: one

            event: ping
            id: 7
            data:no blank
            data:  two blanks
            unknown: x
            retry: 10

            id
            data

            event: nothing to see

            data: not ended
            """
        #expect(
            try events(Array(stream.utf8)) == [
                EventStreamParser.Event(data: "one"),
                EventStreamParser.Event(name: "ping", data: "no blank\n two blanks", id: "7"),
                EventStreamParser.Event(data: ""),
            ])
    }

    @Test("all three line ends mean the same", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) throws {
        let stream = ["data: a", "data: b", "", "data: c", "", ""].joined(separator: end)
        #expect(
            try events(Array(stream.utf8)) == [
                EventStreamParser.Event(data: "a\nb"), EventStreamParser.Event(data: "c"),
            ])
    }

    @Test("packets may end anywhere, also within a character or a line end")
    func anyPackets() throws {
        var random = SplitMix64(seed: 5)
        let parts = ["data: 日本語🔥", "data", "event: x", ": c", "id: 1", "", "", "data:{\"a\":1}"]
        for _ in 0..<500 {
            let ends = ["\n", "\r", "\r\n"]
            let end = ends[random.next(below: 3)]
            let lines = (0..<random.next(below: 20)).map { _ in parts[random.next(below: parts.count)] + end }
            let bytes = Array(lines.joined().utf8)
            let packets = (0..<bytes.count).map { _ in 1 + random.next(below: 6) }
            #expect(try events(bytes, packets: packets) == events(bytes))
        }
    }

    @Test("an event over the limit is refused, in one line or in many")
    func limit() throws {
        var parser = EventStreamParser(limit: 100)
        parser.append(Array(repeating: 97, count: 101))
        #expect(throws: EventStreamParser.EventTooLarge.self) { try parser.next() }
        var many = EventStreamParser(limit: 100)
        for _ in 0..<60 { many.append(Array("data: x\n".utf8)) }
        #expect(throws: EventStreamParser.EventTooLarge.self) { try many.next() }
    }
}
