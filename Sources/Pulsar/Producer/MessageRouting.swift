/// Which partition a message goes to. One with a key goes where its key's hash says, so that equal keys stay in order;
/// one without goes round.
public struct MessageRouting: Hashable, Sendable {
    /// How a key becomes a number.
    public enum Hash: Hashable, Sendable {
        /// Java's `String.hashCode`: the default of the Java and Go clients.
        case javaString
        /// Murmur3, 32 bits, seed 0.
        case murmur3
    }

    /// How messages without a key are spread.
    public enum Keyless: Hashable, Sendable {
        /// From partition to partition, message by message.
        case roundRobin
        /// All to one, which is chosen when the producer is made.
        case single
    }

    public var hash: Hash
    public var keyless: Keyless

    public init(hash: Hash = .javaString, keyless: Keyless = .roundRobin) {
        self.hash = hash
        self.keyless = keyless
    }

    /// - Parameter turn: counts the messages without a key.
    func partition(of message: OutgoingMessage, among count: Int, turn: Int) -> Int {
        if let key = message.key { return Int(hash.value(of: key)) % count }
        return switch keyless {
        case .roundRobin: turn % count
        case .single: 0
        }
    }
}

extension MessageRouting.Hash {
    /// In 0…0x7fffffff.
    func value(of key: String) -> UInt32 {
        switch self {
        case .javaString: Self.javaStringHash(key)
        case .murmur3: Murmur3.hash(Array(key.utf8)) & 0x7fff_ffff
        }
    }

    /// Over UTF-16 units, as Java does it; the C++ client goes over bytes, which differs outside of ASCII.
    private static func javaStringHash(_ key: String) -> UInt32 {
        key.utf16.reduce(UInt32(0)) { 31 &* $0 &+ UInt32($1) } & 0x7fff_ffff
    }
}

/// MurmurHash3, the 32-bit variant for x86, seed 0. Source: Austin Appleby's public domain MurmurHash3.
enum Murmur3 {
    static func hash(_ bytes: [UInt8]) -> UInt32 {
        var hash: UInt32 = 0
        let whole = bytes.count / 4 * 4
        for start in stride(from: 0, to: whole, by: 4) {
            let block =
                UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
                | UInt32(bytes[start + 3]) << 24
            hash ^= scramble(block)
            hash = (hash << 13 | hash >> 19) &* 5 &+ 0xe654_6b64
        }
        var tail: UInt32 = 0
        for (place, byte) in bytes[whole...].enumerated() { tail |= UInt32(byte) << (8 * UInt32(place)) }
        if whole < bytes.count { hash ^= scramble(tail) }
        hash ^= UInt32(truncatingIfNeeded: bytes.count)
        hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
        hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
        return hash ^ hash >> 16
    }

    private static func scramble(_ block: UInt32) -> UInt32 {
        let product = block &* 0xcc9e_2d51
        return (product << 15 | product >> 17) &* 0x1b87_3593
    }
}
