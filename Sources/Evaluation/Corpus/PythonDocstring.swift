/// Finds the string that documents a Python function or class.
enum PythonDocstring {
    /// The string with its quotes, if it is the first statement of what `node` holds.
    static func find(in bytes: [UInt8], of node: Range<Int>) -> Range<Int>? {
        guard var offset = endOfSignature(in: bytes, of: node) else { return nil }
        while offset < node.upperBound, bytes[offset] <= UInt8(ascii: " ") { offset += 1 }
        let start = offset
        if offset < node.upperBound, "rRuUbB".utf8.contains(bytes[offset]) { offset += 1 }
        for quotes in ["\"\"\"", "'''", "\"", "'"] where bytes[offset..<node.upperBound].starts(with: quotes.utf8) {
            var end = offset + quotes.utf8.count
            while end < node.upperBound {
                if bytes[end] == UInt8(ascii: "\\") {
                    end += 2
                } else if bytes[end..<node.upperBound].starts(with: quotes.utf8) {
                    return start..<(end + quotes.utf8.count)
                } else {
                    end += 1
                }
            }
            return nil
        }
        return nil
    }

    /// Behind the colon that ends the first `def` or `class` line, decorators left behind.
    private static func endOfSignature(in bytes: [UInt8], of node: Range<Int>) -> Int? {
        var depth = 0
        var isInSignature = false
        var offset = node.lowerBound
        while offset < node.upperBound {
            let isLineStart = offset == node.lowerBound || bytes[offset - 1] == UInt8(ascii: "\n")
            if isLineStart, depth == 0 {
                let line = bytes[offset..<node.upperBound].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                isInSignature = ["def ", "class ", "async "].contains { line.starts(with: $0.utf8) } || isInSignature
            }
            switch bytes[offset] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ":") where depth == 0 && isInSignature:
                return restIsBlank(bytes, from: offset + 1, to: node.upperBound)
            default: break
            }
            offset += 1
        }
        return nil
    }

    /// The end of the line, if only white space or a comment is left on it.
    private static func restIsBlank(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        let line = bytes[start..<end].prefix { $0 != UInt8(ascii: "\n") }
        let text = line.drop { $0 <= UInt8(ascii: " ") }
        return text.isEmpty || text.first == UInt8(ascii: "#") ? line.endIndex : nil
    }
}
