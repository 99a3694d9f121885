public import FoundationEssentials

extension String: PostgresElement {
    public static var postgresType: PostgresType { .text }
    public static var postgresArrayType: PostgresType { .textArray }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? {
        let bytes = Array(utf8)
        guard !bytes.contains(0) else {
            throw PostgresError(.invalidValue, "Text with a NUL cannot be stored. Take it out, or store bytes.")
        }
        return bytes
    }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else { throw .unexpectedNull(Self.self) }
        switch type {
        case .text, .varchar, .bpchar, .name, .unknown, .json: self = String(decoding: bytes, as: UTF8.self)
        default: throw .unexpected(Self.self, type)
        }
    }
}

extension Data: PostgresElement {
    public static var postgresType: PostgresType { .bytea }
    public static var postgresArrayType: PostgresType { .byteaArray }

    public func postgresBytes() throws(PostgresError) -> [UInt8]? { Array(self) }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else { throw .unexpectedNull(Self.self) }
        guard type == .bytea else { throw .unexpected(Self.self, type) }
        self = Data(bytes)
    }
}

/// A moment to the microsecond, which is what PostgreSQL keeps: the nearest one to the given date. Dates that it cannot hold
/// are its `infinity`.
extension Date: PostgresElement {
    public static var postgresType: PostgresType { .timestamptz }
    public static var postgresArrayType: PostgresType { .timestamptzArray }

    /// From PostgreSQL's beginning, 1 January 2000, to Swift's, 1 January 2001.
    private static let microsecondsBetweenEpochs: Int64 = 31_622_400_000_000

    public func postgresBytes() throws(PostgresError) -> [UInt8]? {
        let microseconds = (timeIntervalSinceReferenceDate * 1_000_000).rounded()
        // The years 4713 before and 294276 after Christ.
        if microseconds >= 9.2e18 { return Int64.max.wireBytes }
        if microseconds <= -2.1e17 { return Int64.min.wireBytes }
        guard let whole = Int64(exactly: microseconds) else {
            throw PostgresError(.invalidValue, "A date that is no number cannot be stored.")
        }
        return (whole + Self.microsecondsBetweenEpochs).wireBytes
    }

    public init(postgres bytes: ArraySlice<UInt8>?, type: PostgresType) throws(PostgresError) {
        guard let bytes else { throw .unexpectedNull(Self.self) }
        guard type == .timestamptz || type == .timestamp, let microseconds = Int64(wire: bytes) else {
            throw .unexpected(Self.self, type)
        }
        switch microseconds {
        case .max: self = .distantFuture
        case .min: self = .distantPast
        default:
            self.init(
                timeIntervalSinceReferenceDate: Double(microseconds - Self.microsecondsBetweenEpochs) / 1_000_000)
        }
    }
}
