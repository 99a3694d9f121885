import FoundationEssentials

/// The rules that all of Hearth's ids share.
enum Identifier {
    static func isValid(_ text: String, limit: Int = 64) -> Bool {
        !text.isEmpty && text.utf8.count <= limit
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// 48 bits of milliseconds and 80 random bits in hexadecimal: ids made later sort later.
    static func timeOrdered(at date: Date) -> String {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
        let random = UInt64.random(in: 0...UInt64.max)
        let tail = UInt16.random(in: 0...UInt16.max)
        return hex(milliseconds, digits: 12) + hex(random, digits: 16) + hex(UInt64(tail), digits: 4)
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
}
