/// Something that only one line of the scratch codebase says.
struct Fact: Hashable, Sendable {
    /// What the question names.
    let name: String
    /// What the answer must say.
    let value: String
    let path: String
    /// The line itself, or a part of it that stands once in the file.
    let line: String

    /// `name = value`.
    init(constant name: String, value: String, path: String) {
        self.init(name: name, value: value, path: path, line: "\(name) = \(value)")
    }

    init(name: String, value: String, path: String, line: String) {
        self.name = name
        self.value = value
        self.path = path
        self.line = line
    }

    var question: String { "What is the value of `\(name)`?" }

    /// The same fact in another file.
    func moved(to path: String) -> Fact { Fact(name: name, value: value, path: path, line: line) }
}
