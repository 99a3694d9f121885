/// Reads UTF-8 that may be cut or damaged.
enum ScalarReader {
    /// The character that begins at `position` and its bytes; a damaged one is U+FFFD of one byte.
    static func scalar(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> (Unicode.Scalar, Int) {
        let first = text[position]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return (replacement, 1)
        }
        guard position + length <= text.count else { return (replacement, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = text[position + offset]
            guard byte & 0xC0 == 0x80 else { return (replacement, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return (replacement, 1) }
        return (scalar, length)
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"
}
