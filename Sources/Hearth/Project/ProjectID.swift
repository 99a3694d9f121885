/// The short name of a project: what follows `hearth/` in a model's name.
public struct ProjectID: Hashable, Sendable, RawRepresentable, Codable, CustomStringConvertible, Comparable {
    public let rawValue: String

    /// Accepts 1…64 lower-case ASCII letters, digits, `-`, `_` and `.`, the first a letter or a digit.
    public init?(rawValue: String) {
        guard let first = rawValue.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
            first != UInt8(ascii: "_"), rawValue.utf8.count <= 64, rawValue.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        self.rawValue = rawValue
    }

    /// The nearest valid name to `text`, for example of a folder; `nil` if nothing of it is usable.
    public static func suggested(for text: String) -> ProjectID? {
        let bytes = text.lowercased().utf8.map { isAllowed($0) ? $0 : UInt8(ascii: "-") }
        let trimmed = bytes.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
        return ProjectID(rawValue: String(decoding: trimmed.prefix(64), as: UTF8.self))
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    public static func < (left: ProjectID, right: ProjectID) -> Bool { left.rawValue < right.rawValue }
    public var description: String { rawValue }
}
