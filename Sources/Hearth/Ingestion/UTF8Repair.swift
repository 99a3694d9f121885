/// Makes bytes valid UTF-8 without moving any of them.
enum UTF8Repair {
    /// Replaces each byte that belongs to no valid scalar by `?` and returns how many there were.
    ///
    /// The usual replacement character has three bytes and would shift every offset behind it.
    static func repair(_ bytes: inout [UInt8]) -> Int {
        var repaired = 0
        var offset = 0
        while offset < bytes.count {
            let length = scalarLength(bytes, at: offset)
            if length == 0 {
                bytes[offset] = UInt8(ascii: "?")
                repaired += 1
                offset += 1
            } else {
                offset += length
            }
        }
        return repaired
    }

    /// The length of the valid scalar that begins at `offset`; 0 if none does (Unicode 15, table 3-7).
    private static func scalarLength(_ bytes: [UInt8], at offset: Int) -> Int {
        let first = bytes[offset]
        if first < 0x80 { return 1 }
        func follows(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            offset + distance < bytes.count && range.contains(bytes[offset + distance])
        }
        switch first {
        case 0xC2...0xDF: return follows(1) ? 2 : 0
        case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
        case 0xE1...0xEC, 0xEE...0xEF: return follows(1) && follows(2) ? 3 : 0
        case 0xED: return follows(1, 0x80...0x9F) && follows(2) ? 3 : 0
        case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
        case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
        case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
        default: return 0
        }
    }
}
