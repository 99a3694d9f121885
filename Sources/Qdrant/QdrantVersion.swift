/// A server's version. Older servers ignore fields that they do not know, so that what is new has to be asked for first.
public struct QdrantVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int
    public let patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `1.19.0` and `1.19.0-dev`; `nil` for anything else.
    public init?(_ text: String) {
        let numbers = text.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, let major = Int(numbers[0]), let minor = Int(numbers[1]), let patch = Int(numbers[2])
        else { return nil }
        self.init(major, minor, patch)
    }

    /// The first that has the query API, and IDF for sparse vectors.
    public static let query = QdrantVersion(1, 10)
    /// The first that keeps a tenant's points together.
    public static let tenantIndex = QdrantVersion(1, 11)
    /// The first in which the constant of reciprocal rank fusion can be chosen.
    public static let fusionConstant = QdrantVersion(1, 15)
    /// The first in which the fused lists can have weights.
    public static let fusionWeights = QdrantVersion(1, 17)

    public static func < (left: QdrantVersion, right: QdrantVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    public var description: String { "\(major).\(minor).\(patch)" }
}
