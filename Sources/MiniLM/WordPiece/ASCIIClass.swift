/// What an ASCII byte is to the tokenizer.
enum ASCIIClass: UInt8, Sendable {
    /// A capital or small letter; setting bit 5 lowers it.
    case letter
    /// A digit.
    case other
    case blank
    case punctuation
    /// A control character, which vanishes.
    case nothing

    static let table: [ASCIIClass] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .other
        case 0x20, 0x09, 0x0A, 0x0D: .blank
        case 0..<0x20, 0x7F: .nothing
        default: .punctuation
        }
    }
}
