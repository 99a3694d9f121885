/// Numbers that are the same for the same seed on every machine (SplitMix64; Steele, Lea, Flood: OOPSLA 2014).
///
/// For everything that has to be repeatable: drawn questions, resampling, generated cases, tests and benchmarks. Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// A generator for one text.
    public init(text: String) {
        state = UInt64(Digest.sha256(text).prefix(16), radix: 16) ?? 0
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<`bound`; the bias is below `bound / 2^64`.
    public mutating func next(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in 0..<1, one of 2^53.
    public mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
