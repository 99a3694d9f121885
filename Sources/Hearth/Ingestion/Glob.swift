/// Matches one file name against `*`, `?`, `[a-z]` and `\x`, as fnmatch(3) does with FNM_PATHNAME.
enum Glob {
    static func matches(_ glob: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var glob = glob
        var name = name
        // Where the last star stood, to let it swallow one byte more: linear in practice, never exponential.
        var retry: (glob: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
        while true {
            if glob.first == UInt8(ascii: "*") {
                glob = glob.drop { $0 == UInt8(ascii: "*") }
                retry = (glob, name)
                continue
            }
            if glob.isEmpty, name.isEmpty { return true }
            if let byte = name.first, let rest = matchOne(glob, byte) {
                glob = rest
                name = name.dropFirst()
                continue
            }
            guard let again = retry, !again.name.isEmpty else { return false }
            glob = again.glob
            name = again.name.dropFirst()
            retry = (glob, name)
        }
    }

    /// The pattern after its first element, if that matches the byte.
    private static func matchOne(_ glob: ArraySlice<UInt8>, _ byte: UInt8) -> ArraySlice<UInt8>? {
        switch glob.first {
        case nil: return nil
        case UInt8(ascii: "?"): return glob.dropFirst()
        case UInt8(ascii: "["): return matchClass(glob, byte)
        case UInt8(ascii: "\\") where glob.count > 1:
            let escaped = glob.dropFirst()
            return escaped.first == byte ? escaped.dropFirst() : nil
        case byte?: return glob.dropFirst()
        default: return nil
        }
    }

    private static func matchClass(_ glob: ArraySlice<UInt8>, _ byte: UInt8) -> ArraySlice<UInt8>? {
        var rest = glob.dropFirst()
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest = rest.dropFirst() }
        var isFirst = true
        var found = false
        while let low = rest.first, isFirst || low != UInt8(ascii: "]") {
            isFirst = false
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first, high != UInt8(ascii: "]") {
                if low <= byte, byte <= high { found = true }
                rest = rest.dropFirst(2)
            } else if low == byte {
                found = true
            }
        }
        guard rest.first == UInt8(ascii: "]") else {
            // No closing bracket: the bracket means itself.
            return byte == UInt8(ascii: "[") ? glob.dropFirst() : nil
        }
        return found != isNegated ? rest.dropFirst() : nil
    }
}
