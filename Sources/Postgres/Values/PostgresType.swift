/// A type by its number in `pg_type`. Those of PostgreSQL itself never change.
public struct PostgresType: Hashable, Sendable, RawRepresentable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let bool = Self(rawValue: 16)
    public static let bytea = Self(rawValue: 17)
    static let name = Self(rawValue: 19)
    public static let int8 = Self(rawValue: 20)
    public static let int2 = Self(rawValue: 21)
    public static let int4 = Self(rawValue: 23)
    public static let text = Self(rawValue: 25)
    public static let json = Self(rawValue: 114)
    public static let float4 = Self(rawValue: 700)
    public static let float8 = Self(rawValue: 701)
    static let unknown = Self(rawValue: 705)
    static let boolArray = Self(rawValue: 1000)
    static let byteaArray = Self(rawValue: 1001)
    static let nameArray = Self(rawValue: 1003)
    static let int2Array = Self(rawValue: 1005)
    static let int4Array = Self(rawValue: 1007)
    static let textArray = Self(rawValue: 1009)
    static let int8Array = Self(rawValue: 1016)
    static let float4Array = Self(rawValue: 1021)
    static let float8Array = Self(rawValue: 1022)
    static let bpchar = Self(rawValue: 1042)
    static let varchar = Self(rawValue: 1043)
    static let timestamp = Self(rawValue: 1114)
    public static let timestamptz = Self(rawValue: 1184)
    static let timestamptzArray = Self(rawValue: 1185)
}
