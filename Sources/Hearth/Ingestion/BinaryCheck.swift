/// Tells text from everything else, as git does, and a little more strictly.
enum BinaryCheck {
    /// A NUL in the first 8,000 bytes, or more than a tenth of control bytes there.
    static func isBinary(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix(8_000)
        var control = 0
        for byte in head {
            if byte == 0 { return true }
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D, byte != 0x0C, byte != 0x1B { control += 1 }
        }
        return control * 10 > head.count
    }
}
