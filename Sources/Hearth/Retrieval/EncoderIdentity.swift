/// Which encoder it is. Vectors of different encoders never meet in one index.
public struct EncoderIdentity: Hashable, Sendable, Codable, CustomStringConvertible {
    public let name: String
    public let dimension: Int
    /// The most tokens of one text, special tokens not counted.
    public let maximumTokens: Int
    /// Everything that changes the bits of a vector: precision, instruction set, weights.
    public let fingerprint: String

    public init(name: String, dimension: Int, maximumTokens: Int, fingerprint: String) {
        self.name = name
        self.dimension = dimension
        self.maximumTokens = maximumTokens
        self.fingerprint = fingerprint
    }

    public var description: String { "\(fingerprint), \(dimension) numbers, \(maximumTokens) tokens" }
}
