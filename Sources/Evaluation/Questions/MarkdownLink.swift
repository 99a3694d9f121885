/// A link in a Markdown text.
struct MarkdownLink: Hashable {
    let label: String
    let target: String

    /// The path that a link of a document leads to, relative to the root; `nil` if it leads elsewhere.
    static func resolve(_ target: String, from document: String) -> String? {
        guard !target.contains("://"), !target.hasPrefix("mailto:"), !target.hasPrefix("#") else { return nil }
        let path = target.prefix { $0 != "#" && $0 != "?" && $0 != " " }
        var names = path.hasPrefix("/") ? [] : Array(document.split(separator: "/").dropLast())
        for name in path.split(separator: "/") where name != "." {
            if name == ".." {
                guard names.popLast() != nil else { return nil }
            } else {
                names.append(name)
            }
        }
        return names.joined(separator: "/")
    }
}
