import Hearth

/// Takes documentation out of a source without moving anything: every byte of it but the line ends becomes a space.
enum DocumentationEraser {
    /// The bytes of a file without the comments that document its declarations.
    static func erase(_ file: SourceFile) -> [UInt8] {
        var bytes = file.bytes
        for declaration in Declaration.all(in: file) {
            for range in declaration.documentation {
                for offset in range where bytes[offset] != UInt8(ascii: "\n") && bytes[offset] != UInt8(ascii: "\r") {
                    bytes[offset] = UInt8(ascii: " ")
                }
            }
        }
        return bytes
    }
}
