extension FixedWidthInteger {
    /// Big-endian, as on the wire.
    var wireBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

    /// `nil` if there are not exactly as many bytes as the type has.
    init?(wire bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.bitWidth / 8 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}

extension Int: PostgresElement {
    public static var postgresType: PostgresType { .int8 }
    public static var postgresArrayType: PostgresType { .int8Array }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? { Int64(self).wireBytes }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else { throw .unexpectedNull(Self.self) }
        let value: Int? =
            switch type {
            case .int8: Int64(wire: bytes).map { Int($0) }
            case .int4: Int32(wire: bytes).map { Int($0) }
            case .int2: Int16(wire: bytes).map { Int($0) }
            default: nil
            }
        guard let value else { throw .unexpected(Self.self, type) }
        self = value
    }
}

extension Int32: PostgresElement {
    public static var postgresType: PostgresType { .int4 }
    public static var postgresArrayType: PostgresType { .int4Array }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? { wireBytes }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let value = Int32(exactly: try Int(postgres: bytes, type: type)) else {
            throw .unexpected(Self.self, type)
        }
        self = value
    }
}

extension Double: PostgresElement {
    public static var postgresType: PostgresType { .float8 }
    public static var postgresArrayType: PostgresType { .float8Array }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? { bitPattern.wireBytes }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else { throw .unexpectedNull(Self.self) }
        let value: Double? =
            switch type {
            case .float8: UInt64(wire: bytes).map { Double(bitPattern: $0) }
            case .float4: UInt32(wire: bytes).map { Double(Float(bitPattern: $0)) }
            default: nil
            }
        guard let value else { throw .unexpected(Self.self, type) }
        self = value
    }
}

extension Bool: PostgresElement {
    public static var postgresType: PostgresType { .bool }
    public static var postgresArrayType: PostgresType { .boolArray }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? { [self ? 1 : 0] }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else { throw .unexpectedNull(Self.self) }
        guard type == .bool, bytes.count == 1, let byte = bytes.first else { throw .unexpected(Self.self, type) }
        self = byte != 0
    }
}
