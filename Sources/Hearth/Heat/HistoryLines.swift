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

    static func decode(_ bytes: [UInt8]) throws -> [Message] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { try TaskCoding.decode(Message.self, from: Data($0)) }
    }
}
