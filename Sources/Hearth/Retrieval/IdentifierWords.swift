/// Splits text into the words that identifiers are made of.
public enum IdentifierWords {
    /// Lower-case words of `text`, split at everything that is no letter or digit, at camelCase humps and
    /// between letters and digits: `HTTPServer2_main` gives `http`, `server`, `2`, `main`.
    public static func split(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        var previous = Kind.other
        let scalars = Array(text.unicodeScalars)
        for (offset, scalar) in scalars.enumerated() {
            let kind = Kind(scalar)
            let next = offset + 1 < scalars.count ? Kind(scalars[offset + 1]) : .other
            let breaks =
                kind != previous
                && !(previous == .upper && kind == .lower)
                || (previous == .upper && kind == .upper && next == .lower)
            if breaks || kind == .other {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if kind != .other { word.unicodeScalars.append(scalar) }
            previous = kind
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    private enum Kind {
        case upper, lower, digit, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "A"..."Z": self = .upper
            case "a"..."z": self = .lower
            case "0"..."9": self = .digit
            default:
                let properties = scalar.properties
                self = properties.isAlphabetic ? (properties.isUppercase ? .upper : .lower) : .other
            }
        }
    }
}
