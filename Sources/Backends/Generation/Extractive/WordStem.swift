/// Brings the forms of an English word together: `retries`, `retried` and `retry` have one stem.
///
/// Much lighter than Porter's algorithm, and it does not touch short words: identifiers are full of them.
enum WordStem {
    static func of(_ word: String) -> String {
        guard word.utf8.count > 3, word.utf8.allSatisfy({ $0 < 128 }) else { return word }
        var stem = Array(word.utf8)
        singular(&stem)
        for (ending, shortest, replacement) in endings where stem.count >= shortest && stem.ends(with: ending) {
            stem.removeLast(ending.count)
            stem.append(contentsOf: replacement)
            undouble(&stem)
            break
        }
        if stem.count > 4, stem.last == UInt8(ascii: "e") { stem.removeLast() }
        return String(decoding: stem, as: UTF8.self)
    }

    /// A short word in `er` is a thing of its own: a worker is not any work.
    /// Endings, the fewest letters of a word that has them as an ending, and what takes their place.
    private static let endings: [([UInt8], Int, [UInt8])] = [
        ("ization", 9, "iz"), ("ing", 6, ""), ("ied", 5, "y"), ("ed", 5, ""), ("ment", 8, ""), ("ion", 6, ""),
        ("ly", 6, ""), ("er", 8, ""), ("or", 8, ""),
    ].map { (Array($0.0.utf8), $0.1, Array($0.2.utf8)) }

    private static func singular(_ word: inout [UInt8]) {
        if word.count > 4, word.ends(with: Array("ies".utf8)) {
            word.removeLast(3)
            word.append(UInt8(ascii: "y"))
        } else if word.ends(with: Array("sses".utf8)) || word.ends(with: Array("xes".utf8)) {
            word.removeLast(2)
        } else if word.last == UInt8(ascii: "s"), let before = word.dropLast().last,
            before != UInt8(ascii: "s"), before != UInt8(ascii: "u"), before != UInt8(ascii: "i")
        {
            word.removeLast()
        }
    }

    /// `planned` has lost its `ed` and is `plann`.
    private static func undouble(_ word: inout [UInt8]) {
        guard word.count > 3, let last = word.last, word.dropLast().last == last else { return }
        if !"aeiouls".utf8.contains(last) { word.removeLast() }
    }
}

extension [UInt8] {
    fileprivate func ends(with ending: [UInt8]) -> Bool { suffix(ending.count).elementsEqual(ending) }
}
