/// How an object of a known size is cut into parts: always in the same way, so that its ETag can be computed again.
public struct S3PartPlan: Hashable, Sendable {
    /// Larger objects are put in parts.
    public static let threshold = 16 << 20
    private static let standardPart = 8 << 20
    /// S3's own limit.
    private static let mostParts = 10_000

    public let size: Int
    /// A power of two times 8 MiB.
    public let partSize: Int

    public init(size: Int) {
        self.size = size
        var partSize = Self.standardPart
        while size > partSize * Self.mostParts { partSize *= 2 }
        self.partSize = partSize
    }

    /// Whether the object is put in one piece.
    public var isSingle: Bool { size <= Self.threshold }

    /// The ranges of the parts; one for an object that is put in one piece.
    public var parts: [Range<Int>] {
        guard !isSingle else { return [0..<size] }
        return stride(from: 0, to: size, by: partSize).map { $0..<min($0 + partSize, size) }
    }
}
