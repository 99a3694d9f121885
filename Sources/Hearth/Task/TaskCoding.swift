public import FoundationEssentials

/// The JSON in which tasks, events and messages are stored and sent: sorted keys, dates as seconds since 2001, which
/// is how a `Date` is held and so the only form that comes back the same to the last bit.
public enum TaskCoding {
    /// The JSON of a value; equal values give equal bytes.
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .deferredToDate
        return try encoder.encode(value)
    }

    /// The value that ``encode(_:)`` wrote. Throws `DecodingError`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .deferredToDate
        return try decoder.decode(type, from: data)
    }
}
