import Glibc
import Hearth

/// Code-like passages whose words follow Zipf's law, as those of real code do.
struct SyntheticCode {
    private let words: [String]
    private var generator: SplitMix64

    init(seed: UInt64, vocabulary: Int = 30_000) {
        generator = SplitMix64(seed: seed)
        let onsets = ["b", "c", "d", "f", "g", "h", "j", "l", "m", "n", "p", "r", "s", "t", "v", "w", "ch", "st", "tr"]
        let vowels = ["a", "e", "i", "o", "u", "ea", "ou"]
        let codas = ["", "", "n", "r", "t", "l", "ck", "nd"]
        var seen: Set<String> = []
        var words: [String] = []
        while words.count < vocabulary {
            var word = ""
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                word += onsets[Int.random(in: 0..<onsets.count, using: &generator)]
                word += vowels[Int.random(in: 0..<vowels.count, using: &generator)]
                word += codas[Int.random(in: 0..<codas.count, using: &generator)]
            }
            if word.count > 2, seen.insert(word).inserted { words.append(word) }
        }
        self.words = words
    }

    /// Zipf with exponent 1: rank r with a probability of about 1 / (r ln n).
    mutating func word() -> String {
        let rank = Int(exp(generator.unit() * log(Double(words.count))))
        return words[min(rank, words.count) - 1]
    }

    mutating func identifier() -> String {
        let parts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in word() }
        if Bool.random(using: &generator) { return parts.joined(separator: "_") }
        return parts.enumerated().map { $0.offset == 0 ? $0.element : $0.element.capitalizedASCII }.joined()
    }

    /// About 20 lines, 700 characters and 180 terms.
    mutating func passage() -> (symbol: String, text: String) {
        let symbol = identifier()
        var lines = [
            "func \(symbol)(\(identifier()): \(word().capitalizedASCII)) throws -> \(word().capitalizedASCII) {"
        ]
        for _ in 0..<Int.random(in: 8...24, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: lines.append("    // \((0..<7).map { _ in word() }.joined(separator: " "))")
            case 1: lines.append("    let \(identifier()) = \(identifier())(\(identifier()), \(word()))")
            case 2: lines.append("    if \(identifier()).\(identifier()) == \(word()) { return \(identifier()) }")
            default: lines.append("    self.\(identifier()) = try \(identifier()).\(word())(\(identifier()))")
            }
        }
        lines.append("}")
        return (symbol, lines.joined(separator: "\n"))
    }

    /// A question in words that a passage has.
    mutating func question(about text: String) -> String {
        let words = text.split { !$0.isLetter }.map(String.init).filter { $0.count > 2 }
        let picked = (0..<Int.random(in: 3...6, using: &generator)).map { _ in
            words[Int.random(in: 0..<words.count, using: &generator)]
        }
        return "how does the \(picked.joined(separator: " ")) work"
    }
}

extension String {
    fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
