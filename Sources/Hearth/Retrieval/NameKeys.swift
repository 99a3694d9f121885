/// Keys under which an index files the names that passages declare, so that looking up whole keys finds a name as it is,
/// by how it begins, and in spite of one typing error.
///
/// A name with one letter too many, too few or wrong, or two neighbours exchanged, still has one of its halves: names are
/// filed by both, together with their length. What is found shares a key, and may still be another name: ``NameLookup``
/// tells.
public enum NameKeys {
    /// Shorter names are too near to one another.
    static let shortestWithError = 5
    /// How many letters of a beginning are filed.
    static let beginning = 4

    /// The keys of a passage that declares these names, each once.
    ///
    /// - Parameter names: qualified as in ``Passage/symbol``.
    public static func filed(_ names: [String]) -> [String] {
        var keys: [String] = []
        var seen: Set<String> = []
        for name in names {
            for key in filed(DeclaredName(name).key) where seen.insert(key).inserted { keys.append(key) }
        }
        return keys
    }

    private static func filed(_ name: String) -> [String] {
        guard !name.isEmpty else { return [] }
        let letters = Array(name)
        guard letters.count >= beginning else { return [exact(name)] }
        let half = letters.count / 2
        return [
            exact(name), front(letters[..<half], of: letters.count), back(letters[half...], of: letters.count),
            starting(with: name),
        ]
    }

    static func exact(_ name: String) -> String { "=" + name }
    static func starting(with name: String) -> String { "^" + name.prefix(beginning) }

    /// The keys that names have from which this one differs by one error.
    static func near(_ name: String) -> [String] {
        let letters = Array(name)
        guard letters.count >= shortestWithError else { return [] }
        var keys: [String] = []
        for length in (letters.count - 1)...(letters.count + 1) {
            let half = length / 2
            keys += [front(letters.prefix(half), of: length), back(letters.suffix(length - half), of: length)]
        }
        // Two letters that are exchanged across the middle spoil both halves.
        var exchanged = letters
        exchanged.swapAt(letters.count / 2 - 1, letters.count / 2)
        return keys + [exact(String(exchanged))]
    }

    private static func front(_ letters: ArraySlice<Character>, of length: Int) -> String {
        "<\(length):" + letters
    }

    private static func back(_ letters: ArraySlice<Character>, of length: Int) -> String {
        ">\(length):" + letters
    }
}
