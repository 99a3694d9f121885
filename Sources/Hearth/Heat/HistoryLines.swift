import FoundationEssentials

/// Messages as lines of JSON, the form in which history is compressed; any tool that reads JSON Lines reads it.
enum HistoryLines {
    static func encode(_ messages: some Sequence<Message>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for message in messages {
            bytes += try TaskCoding.encode(message)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// The messages of one session among those of many, without a look at the others' JSON.
    static func decode(_ bytes: [UInt8], of session: SessionID) throws -> [Message] {
        // Within a text the quotation marks would be escaped: what is found is the property.
        let property = Array(#""sessionID":"\#(session)""#.utf8)
        return try lines(having: property, in: bytes).map {
            try TaskCoding.decode(Message.self, from: Data(bytes[$0]))
        }
    }

    private static func lines(having property: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
        // Megabytes, of which a few lines are wanted: without the checks of an array at every byte.
        bytes.withUnsafeBufferPointer { bytes in
            var found: [Range<Int>] = []
            var (start, isWanted) = (0, false)
            for place in bytes.indices {
                if bytes[place] == UInt8(ascii: "\n") {
                    if isWanted { found.append(start..<place) }
                    (start, isWanted) = (place + 1, false)
                } else if bytes[place] == property[0], !isWanted, place + property.count <= bytes.count {
                    isWanted = bytes[place..<place + property.count].elementsEqual(property)
                }
            }
            return found
        }
    }

    static func decode(_ bytes: [UInt8]) throws -> [Message] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { try TaskCoding.decode(Message.self, from: Data($0)) }
    }
}
