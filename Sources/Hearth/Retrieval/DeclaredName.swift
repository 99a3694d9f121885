/// A name that a passage declares, or that encloses it.
struct DeclaredName: Hashable, Sendable {
    /// The name alone, for comparing.
    let key: String
    /// As it is written in the code.
    let written: String
    /// The keys of what encloses it, outermost first.
    let enclosing: [String]

    /// - Parameter symbol: one qualified name of ``Passage/symbol``: `Foo.bar(_:)`.
    init(_ symbol: some StringProtocol) {
        let parts = symbol.split(separator: ".").map { $0.prefix { $0 != "(" && $0 != "<" } }
        written = parts.last.map { String($0) } ?? ""
        key = Self.key(of: written)
        enclosing = parts.dropLast().map { Self.key(of: $0) }
    }

    /// All names of a ``Passage/symbol``.
    static func all(in symbol: String) -> [DeclaredName] { symbol.split(separator: ", ").map { DeclaredName($0) } }

    /// Case, underscores and spaces make no other name: `parse_header` and the heading `Parse header` are `parseHeader`.
    static func key(of identifier: some StringProtocol) -> String {
        String(identifier.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
