import Hearth

/// Draws names and numbers that stand nowhere else, so that no model can know them.
struct Lexicon: Sendable {
    private static let consonants = Array("bdfgklmnprstvz")
    private static let vowels = Array("aeiou")
    private var random: SplitMix64
    private var used: Set<String> = []

    /// - Parameter label: makers of cases draw apart, so that leaving one out changes nothing for the others.
    init(seed: UInt64, label: String) { random = SplitMix64(text: "\(seed)/\(label)") }

    /// A word of four syllables, such as `velmoruka`.
    mutating func word() -> String {
        fresh { lexicon in
            (0..<4).map { _ in "\(lexicon.pick(Self.consonants))\(lexicon.pick(Self.vowels))" }.joined()
        }
    }

    /// Two words, such as `velmoruka_limit`.
    mutating func name(_ ending: String) -> String { "\(word())_\(ending)" }

    /// Seven digits, the first no zero, the last neither: nobody rounds to it.
    mutating func number() -> String {
        fresh { lexicon in "\((100_000 + lexicon.random.next(below: 900_000)) * 10 + 1 + lexicon.random.next(below: 9))"
        }
    }

    private mutating func pick(_ letters: [Character]) -> Character {
        letters[random.next(below: letters.count)]
    }

    private mutating func fresh(_ draw: (inout Lexicon) -> String) -> String {
        while true {
            let text = draw(&self)
            if used.insert(text).inserted { return text }
        }
    }
}
