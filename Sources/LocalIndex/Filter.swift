extension LocalIndex {
    /// Which entries a search may return.
    public struct Filter: Sendable, Hashable {
        /// Only documents whose path starts with this.
        public var pathPrefix: String?
        /// Only these languages; empty means all.
        public var languages: Set<String>
        /// None of these documents.
        public var excludedPaths: Set<String>

        /// Everything.
        public static let none = Filter()

        public init(pathPrefix: String? = nil, languages: Set<String> = [], excludedPaths: Set<String> = []) {
            self.pathPrefix = pathPrefix
            self.languages = languages
            self.excludedPaths = excludedPaths
        }

        var isEmpty: Bool { (pathPrefix ?? "").isEmpty && languages.isEmpty && excludedPaths.isEmpty }
    }
}
