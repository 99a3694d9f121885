/// Splits text into the words that identifiers are made of.
public enum IdentifierWords {
    /// Lower-case words of `text`, split at everything that is no letter or digit, at camelCase humps and
    /// between letters and digits: `HTTPServer2_main` gives `http`, `server`, `2`, `main`.
    public static func split(_ text: some StringProtocol) -> [String] {
        // Each search reads a hundred passages, and nearly all code is ASCII.
        var text = String(text)
        return text.withUTF8 { ascii($0) } ?? unicode(text)
    }

    /// `nil` if there is anything else.
    private static func ascii(_ bytes: UnsafeBufferPointer<UInt8>) -> [String]? {
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        var words: [String] = []
        var start = 0
        var previous = Kind.other
        for (place, byte) in bytes.enumerated() {
            let kind = Kind(ascii: byte)
            let next = place + 1 < bytes.count ? Kind(ascii: bytes[place + 1]) : .other
            if kind == .other || breaks(previous, kind, next) {
                if start < place { words.append(lowercased(bytes[start..<place])) }
                start = kind == .other ? place + 1 : place
            }
            previous = kind
        }
        if start < bytes.count { words.append(lowercased(bytes[start...])) }
        return words
    }

    private static func lowercased(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        String(unsafeUninitializedCapacity: word.count) { buffer in
            for (place, byte) in word.enumerated() {
                buffer[place] = Kind(ascii: byte) == .upper ? byte | 0x20 : byte
            }
            return word.count
        }
    }

    private static func unicode(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previous = Kind.other
        let scalars = Array(text.unicodeScalars)
        for (offset, scalar) in scalars.enumerated() {
            let kind = Kind(scalar)
            let next = offset + 1 < scalars.count ? Kind(scalars[offset + 1]) : .other
            if kind == .other || breaks(previous, kind, next) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if kind != .other { word.unicodeScalars.append(scalar) }
            previous = kind
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    /// Whether a word ends between two characters, of which another follows: `camelCase`, `v2`, `HTTPServer`.
    private static func breaks(_ left: Kind, _ right: Kind, _ next: Kind) -> Bool {
        if left == right { return left == .upper && next == .lower }
        return !(left == .upper && right == .lower)
    }

    private enum Kind {
        case upper, lower, digit, other

        init(ascii byte: UInt8) {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
            case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
            case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
            default: self = .other
            }
        }

        init(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                self.init(ascii: UInt8(scalar.value))
            } else {
                let properties = scalar.properties
                self = properties.isAlphabetic ? (properties.isUppercase ? .upper : .lower) : .other
            }
        }
    }
}
