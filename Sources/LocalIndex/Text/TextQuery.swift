/// The distinct terms of a question, or of a piece of code, in order of appearance.
struct TextQuery: Sendable, Hashable {
    struct Term: Sendable, Hashable {
        let text: String
        /// How often the query has it.
        var count: Int
    }

    /// Longer queries are cut; what a question is about stands at its beginning.
    static let maximumBytes = 65_536
    static let maximumTerms = 256

    let terms: [Term]

    init(_ query: String) {
        var query = query
        terms = query.withUTF8 { bytes in
            let significant = Self.terms(in: UnsafeBufferPointer(rebasing: bytes.prefix(Self.maximumBytes)))
            let content = significant.filter { !StopWords.all.contains($0.text) }
            return content.isEmpty ? significant : content
        }
    }

    private static func terms(in bytes: UnsafeBufferPointer<UInt8>) -> [Term] {
        var terms: [Term] = []
        var places: [String: Int] = [:]
        TermSplitter.forEachTerm(in: bytes) { term, _, _ in
            let text = String(decoding: term, as: UTF8.self)
            if let place = places[text] {
                terms[place].count += 1
            } else if terms.count < maximumTerms {
                places[text] = terms.count
                terms.append(Term(text: text, count: 1))
            }
            return true
        }
        return terms
    }
}
