/// The pieces of a vocabulary as two tries in one table: those that begin a word, and those that continue one (`##`).
///
/// An edge is found by hashing its node and its byte into an open-addressed table, which fits into the second-level
/// cache: no string is made, and no piece is compared.
struct PieceTrie: Sendable {
    static let start: Int32 = 0
    static let continuation: Int32 = 1
    static let none: Int32 = -1

    /// Edge keys (`node << 8 | byte`, plus one so that 0 is free) and the nodes that they lead to.
    private var keys: [UInt32]
    private var nodes: [Int32]
    private let mask: UInt32
    /// The id of the piece that ends at a node, or ``none``.
    private var ids: [Int32] = [PieceTrie.none, PieceTrie.none]

    init(pieces: [[UInt8]]) {
        let edges = pieces.reduce(0) { $0 + $1.count }
        var capacity = 1024
        while capacity < edges * 2 { capacity *= 2 }
        keys = [UInt32](repeating: 0, count: capacity)
        nodes = [Int32](repeating: 0, count: capacity)
        mask = UInt32(capacity - 1)
        for (id, piece) in pieces.enumerated() {
            let continues = piece.starts(with: "##".utf8) && piece.count > 2
            insert(
                continues ? piece[2...] : piece[...], from: continues ? Self.continuation : Self.start, id: Int32(id))
        }
    }

    private mutating func insert(_ bytes: ArraySlice<UInt8>, from root: Int32, id: Int32) {
        var node = root
        for byte in bytes {
            var slot = Self.slot(node, byte, mask)
            let key = Self.key(node, byte)
            while keys[Int(slot)] != 0, keys[Int(slot)] != key { slot = (slot &+ 1) & mask }
            if keys[Int(slot)] == 0 {
                keys[Int(slot)] = key
                nodes[Int(slot)] = Int32(ids.count)
                ids.append(Self.none)
            }
            node = nodes[Int(slot)]
        }
        ids[Int(node)] = id
    }

    /// The longest piece at the beginning of `bytes`: its id and its length; `nil` if none begins there.
    @inline(__always)
    func longestMatch(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, root: Int32) -> (id: Int32, length: Int)? {
        keys.withUnsafeBufferPointer { keys in
            var node = root
            var best: (id: Int32, length: Int)?
            var offset = start
            while offset < bytes.count {
                let key = Self.key(node, bytes[offset])
                var slot = Self.slot(node, bytes[offset], mask)
                while keys[Int(slot)] != key {
                    if keys[Int(slot)] == 0 { return best }
                    slot = (slot &+ 1) & mask
                }
                node = nodes[Int(slot)]
                offset += 1
                let id = ids[Int(node)]
                if id != Self.none { best = (id, offset - start) }
            }
            return best
        }
    }

    @inline(__always)
    private static func key(_ node: Int32, _ byte: UInt8) -> UInt32 {
        (UInt32(bitPattern: node) << 8 | UInt32(byte)) &+ 1
    }

    @inline(__always)
    private static func slot(_ node: Int32, _ byte: UInt8, _ mask: UInt32) -> UInt32 {
        var hash = key(node, byte) &* 0x9E37_79B1
        hash ^= hash >> 15
        return hash & mask
    }
}
