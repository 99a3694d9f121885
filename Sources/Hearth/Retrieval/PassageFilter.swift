/// Narrows a search.
public struct PassageFilter: Hashable, Sendable, Codable {
    /// Only documents whose path begins so.
    public var pathPrefix: String?
    /// Only these languages; all if empty.
    public var languages: Set<String>

    public init(pathPrefix: String? = nil, languages: Set<String> = []) {
        self.pathPrefix = pathPrefix
        self.languages = languages
    }
}
