/// Reads server-sent events (WHATWG HTML, section 9.2.6) from bytes that arrive in any pieces.
///
/// A pure value: bytes go in with ``append(_:)``, events come out of ``next()``.
public struct EventStreamParser: Sendable {
    /// One event.
    public struct Event: Sendable, Hashable {
        /// The type; `message` where the stream gives none.
        public var name: String
        /// The `data` lines, joined by line feeds.
        public var data: String
        /// The last id that the stream gave, with this event or before; empty if it gave none.
        public var id: String

        public init(name: String = "message", data: String, id: String = "") {
            self.name = name
            self.data = data
            self.id = id
        }
    }

    /// An event grew larger than the limit.
    public struct EventTooLarge: Error, Hashable, Sendable {
        public let limit: Int
    }

    private let limit: Int
    private var bytes: [UInt8] = []
    /// Where the first line that was not read begins.
    private var start = 0
    /// Up to here there is no line end.
    private var searched = 0
    private var mayHaveByteOrderMark = true
    /// The last line ended with a carriage return: a line feed that comes next belongs to it.
    private var skipsLineFeed = false

    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var id = ""

    /// - Parameter limit: the most bytes of a line, and of the data of an event.
    public init(limit: Int = 8 << 20) { self.limit = limit }

    public mutating func append(_ more: some Sequence<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole event; `nil` if there is none yet. What stands at the end of a stream without an empty line
    /// behind it is no event.
    public mutating func next() throws(EventTooLarge) -> Event? {
        while let line = try nextLine() {
            if line.isEmpty {
                if let event = dispatch() { return event }
            } else {
                read(line)
                guard data.count <= limit else { throw EventTooLarge(limit: limit) }
            }
        }
        return nil
    }

    private mutating func nextLine() throws(EventTooLarge) -> ArraySlice<UInt8>? {
        if skipsLineFeed, start < bytes.count {
            if bytes[start] == UInt8(ascii: "\n") { start += 1 }
            searched = max(searched, start)
            skipsLineFeed = false
        }
        let end = bytes[searched...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        guard (end ?? bytes.count) - start <= limit else { throw EventTooLarge(limit: limit) }
        guard let end else {
            searched = bytes.count
            return nil
        }
        var line = bytes[start..<end]
        skipsLineFeed = bytes[end] == UInt8(ascii: "\r")
        start = end + 1
        searched = start
        if mayHaveByteOrderMark {
            mayHaveByteOrderMark = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        }
        return line
    }

    private mutating func read(_ line: ArraySlice<UInt8>) {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            data.append(contentsOf: value)
            hasData = true
        case "event": name = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        // Comments, `retry` and unknown fields.
        default: break
        }
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = ""
            data = []
            hasData = false
        }
        guard hasData else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self), id: id)
    }
}
