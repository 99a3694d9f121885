/// Which paths of a tree are not to be ingested: the rules of all ignore files on the way down to a path.
///
/// The last matching pattern decides; a file below an ignored folder cannot be taken in again.
public struct IgnoreRules: Sendable, Hashable {
    /// The names of the files that hold patterns.
    public static let fileNames = [".gitignore", ".hearthignore"]

    /// What nobody wants to ask about. A project's own ignore file can take them in again.
    public static let defaults = """
        .git/
        .hg/
        .svn/
        .build/
        .build-*/
        node_modules/
        __pycache__/
        .venv/
        .tox/
        .mypy_cache/
        .pytest_cache/
        .gradle/
        .idea/
        DerivedData/
        .DS_Store
        """

    private struct Layer: Sendable, Hashable {
        /// How many names of a path lead to the folder that the patterns are relative to.
        let depth: Int
        let patterns: [IgnorePattern]
    }

    private var layers: [Layer] = []

    public init() {}

    /// The rules with those of one more ignore file, which stands in `folder`.
    ///
    /// - Parameter folder: relative to the root; empty for the root itself.
    public func adding(_ content: String, in folder: String) -> IgnoreRules {
        let patterns = content.split(whereSeparator: \.isNewline).compactMap { IgnorePattern(line: $0) }
        guard !patterns.isEmpty else { return self }
        var rules = self
        rules.layers.append(Layer(depth: Self.names(folder).count, patterns: patterns))
        return rules
    }

    /// Whether `path` itself is ignored; its parents are taken not to be.
    public func ignores(_ path: String, isFolder: Bool) -> Bool {
        let names = Self.names(path)
        var ignored = false
        for layer in layers where layer.depth < names.count {
            for pattern in layer.patterns where pattern.isNegated == ignored {
                if pattern.matches(names[layer.depth...], isFolder: isFolder) { ignored = !pattern.isNegated }
            }
        }
        return ignored
    }

    /// Whether `path` or one of its parents is ignored: for stores that list objects instead of walking folders.
    public func ignoresTree(of path: String) -> Bool {
        let names = path.split(separator: "/")
        for count in 1..<max(names.count, 1)
        where ignores(names.prefix(count).joined(separator: "/"), isFolder: true) {
            return true
        }
        return ignores(path, isFolder: false)
    }

    private static func names(_ path: String) -> [[UInt8]] {
        path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }
}
