/// Arrays of one dimension.
extension Array: PostgresValue where Element: PostgresElement {
    public static var postgresType: PostgresType { Element.postgresArrayType }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? {
        var elements: [UInt8] = []
        var hasNull = false
        for element in self {
            guard let bytes = try element.postgresBytes() else {
                hasNull = true
                elements += Int32(-1).wireBytes
                continue
            }
            elements += Int32(bytes.count).wireBytes
            elements += bytes
        }
        let flags = Int32(hasNull ? 1 : 0).wireBytes + Element.postgresType.rawValue.wireBytes
        guard !isEmpty else { return Int32(0).wireBytes + flags }
        // One dimension of so many elements, the first of which is number 1.
        return Int32(1).wireBytes + flags + Int32(count).wireBytes + Int32(1).wireBytes + elements
    }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard var rest = bytes else { throw .unexpectedNull(Self.self) }
        func take(_ count: Int) throws(PostgresError) -> ArraySlice<UInt8> {
            guard count >= 0, rest.count >= count else { throw .unexpected(Self.self, type) }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func number() throws(PostgresError) -> Int {
            guard let value = Int32(wire: try take(4)) else { throw .unexpected(Self.self, type) }
            return Int(value)
        }
        let dimensions = try number()
        _ = try number()
        let elementType = PostgresType(rawValue: UInt32(truncatingIfNeeded: try number()))
        self.init()
        guard dimensions > 0 else { return }
        guard dimensions == 1 else { throw .unexpected(Self.self, type) }
        let count = try number()
        _ = try number()
        // Each element has four bytes at least: a damaged count reserves no more than came.
        guard count >= 0, count <= rest.count / 4 else { throw .unexpected(Self.self, type) }
        reserveCapacity(count)
        for _ in 0..<count {
            let length = try number()
            append(try Element(postgres: length < 0 ? nil : try take(length), type: elementType))
        }
    }
}
