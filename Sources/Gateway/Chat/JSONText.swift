/// Writes JSON strings by hand, where a stream writes one per token.
package enum JSONText {
    /// Appends `text` as a JSON string, quotes included.
    ///
    /// U+0085, U+2028 and U+2029 are escaped as well: JSON allows them, but readers that split a stream at every
    /// kind of line end break on them.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var previous: UInt8 = 0
        var beforePrevious: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: #"\u00"#.utf8)
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            case 0x85 where previous == 0xC2:
                bytes.removeLast()
                bytes.append(contentsOf: #"\u0085"#.utf8)
            case 0xA8 where previous == 0x80 && beforePrevious == 0xE2:
                bytes.removeLast(2)
                bytes.append(contentsOf: #"\u2028"#.utf8)
            case 0xA9 where previous == 0x80 && beforePrevious == 0xE2:
                bytes.removeLast(2)
                bytes.append(contentsOf: #"\u2029"#.utf8)
            default: bytes.append(byte)
            }
            beforePrevious = previous
            previous = byte
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
