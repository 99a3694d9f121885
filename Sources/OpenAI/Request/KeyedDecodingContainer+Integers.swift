extension KeyedDecodingContainer {
    /// Takes the place of the standard method in this package's modules: JSONDecoder reports `1.5` and `1e99`, where an integer
    /// is expected, as an error of the document as a whole and so hides the field.
    package func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        if let value = try? decode(Int.self, forKey: key) { return value }
        throw DecodingError.typeMismatch(
            Int.self, .init(codingPath: codingPath + [key], debugDescription: "not an integer"))
    }
}
