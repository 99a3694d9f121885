import FoundationEssentials

/// How a protocol writes the parts of a streamed reply.
protocol ModelWire: Sendable {
    var contentType: String { get }
    func text(_ text: String) -> [UInt8]
    func thinking(_ text: String) -> [UInt8]
    func error(_ message: String) -> [UInt8]
    func ending(reason: String, promptTokens: Int?, writtenTokens: Int) -> [UInt8]
}

extension ModelWire {
    /// JSON with sorted keys, so that replies are the same every time.
    func json(_ value: JSON) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? Array(encoder.encode(value))) ?? Array("null".utf8)
    }
}
