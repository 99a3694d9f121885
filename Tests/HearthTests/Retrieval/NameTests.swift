import HearthTesting
import Testing

@testable import Hearth

@Suite("Names")
struct NameTests {
    private let names = ["parse", "parseHeader", "HTTPServer", "x", "run_loop", "größe", "aaaa", "abab", "__init__"]

    @Test("whatever one error makes of a name, the name is found by its keys and recognised")
    func errors() {
        for name in names.map({ DeclaredName($0).key }) where name.count >= 5 {
            let filed = Set(NameKeys.filed([name]))
            for wrong in Self.errors(in: name) where wrong.count >= NameKeys.shortestWithError {
                let lookup = NameLookup(key: wrong, reach: .oneError)
                #expect(!filed.isDisjoint(with: lookup.keys), "\(wrong) for \(name)")
                #expect(lookup.closeness(to: name) == (wrong == name ? .same : .near), "\(wrong) for \(name)")
            }
        }
    }

    @Test("a name is found as it is and by its beginning, whatever its case and underscores")
    func beginnings() {
        let filed = Set(NameKeys.filed(["Parser.parse_Header(_:)"]))
        for word in ["parseheader", "parsehead", "parse"] {
            let lookup = NameLookup(key: word, reach: .beginning)
            #expect(!filed.isDisjoint(with: lookup.keys))
            #expect(lookup.closeness(to: "parseheader") != nil)
        }
        #expect(NameLookup(key: "parse", reach: .oneError).closeness(to: "parseheader") == nil)
        #expect(NameLookup(key: "par", reach: .beginning).closeness(to: "parseheader") == nil)
    }

    @Test("two errors are another name")
    func twoErrors() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            let name = String((0..<6).map { _ in "abc".randomElement(using: &random) ?? "a" })
            let other = String((0..<6).map { _ in "abc".randomElement(using: &random) ?? "a" })
            let isNear = TypingError.separates(Array(name), Array(other))
            #expect(isNear == (name != other && Self.errors(in: name).contains(other)), "\(name) \(other)")
        }
    }

    @Test("a question's names are those that are written like code; a question that is but a name may be one")
    func lookups() {
        func keys(_ question: String, _ reach: NameLookup.Reach) -> [String] {
            QuestionTerms(question).lookups.filter { $0.reach == reach }.map(\.key)
        }
        #expect(keys("Where is RetryPolicy decided, and what does run() do?", .oneError) == ["retrypolicy", "run"])
        #expect(keys("parse header", .beginning) == ["parse", "header"])
        #expect(keys("parse header", .whole) == ["parseheader"])
        #expect(keys("Url::parse_url", .beginning) == ["url", "parseurl"])
        #expect(keys("How does it work?", .oneError) == [])
        #expect(QuestionTerms("How does a `verdict` come about").isName == false)
        #expect(QuestionTerms("").nameKeys == [])
    }

    @Test("a passage is called after its file and what it declares, in words")
    func passageNames() {
        #expect(
            PassageName(path: "src/command_line.go", symbol: "Command.HasSubCommands").text
                == "command line: command has sub commands")
        #expect(PassageName(path: "a.go", symbol: "").text == "")
        #expect(
            PassageName(path: "a.go", symbol: (0..<99).map { "name\($0)" }.joined(separator: ", ")).text.utf8.count
                < 400)
        let mixed = PassageName.mix([1, 0], [0, 1])
        #expect(abs(mixed.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6 && mixed[0] > mixed[1])
    }

    /// Every word that one error makes of it, and itself.
    private static func errors(in word: String) -> Set<String> {
        let letters = Array(word)
        let alphabet: [Character] = ["a", "b", "c", "z", "ß"]
        var made: Set<String> = [word]
        for place in 0...letters.count {
            for letter in alphabet {
                made.insert(String(letters[..<place] + [letter] + letters[place...]))
                if place < letters.count {
                    made.insert(String(letters[..<place] + [letter] + letters[(place + 1)...]))
                }
            }
            if place < letters.count { made.insert(String(letters[..<place] + letters[(place + 1)...])) }
            if place + 1 < letters.count {
                var exchanged = letters
                exchanged.swapAt(place, place + 1)
                made.insert(String(exchanged))
            }
        }
        return made
    }
}
