/// An element of a small XML document, as S3 sends them: names without their prefixes, text, children in order.
struct XMLElement: Hashable, Sendable {
    var name: String
    /// What stands directly in it, between its children too.
    var text = ""
    var children: [XMLElement] = []

    /// - Throws: ``XMLError`` if the bytes are no well-formed document.
    init(parsing bytes: [UInt8]) throws(XMLError) {
        var reader = XMLReader(bytes)
        self = try reader.document()
    }

    init(name: String) { self.name = name }

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    func all(_ name: String) -> some Sequence<XMLElement> { children.lazy.filter { $0.name == name } }
    /// The text of a child; `nil` if there is none.
    func text(of name: String) -> String? { first(name)?.text }
}
