import FoundationEssentials

/// What `--json` prints: one document, keys sorted, dates in ISO 8601.
enum JSONOutput {
    static func write(_ value: some Encodable) throws { Terminal.output.line(try text(value)) }

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
