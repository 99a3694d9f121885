/// What a document is written in.
public struct Language: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case code, prose, data
    }

    /// The grammar's name where there is one, for example `swift` or `c_sharp`; `text` where nothing is known.
    public let name: String
    public let kind: Kind

    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    public static let text = Language(name: "text", kind: .prose)

    /// Tells the language by the file's name, then by its first line.
    public static func detect(path: String, head: [UInt8]) -> Language {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        if let name = byFileName[file.lowercased()] { return named(name) }
        if let dot = file.lastIndex(of: "."), let name = byExtension[file[file.index(after: dot)...].lowercased()] {
            return named(name)
        }
        return shebang(head) ?? .text
    }

    /// The language of this name; one that is not known is code.
    public static func named(_ name: String) -> Language {
        if ["markdown", "rst", "text", "html"].contains(name) { return Language(name: name, kind: .prose) }
        if ["json", "yaml", "toml", "xml", "csv", "sql", "css", "make", "go_mod"].contains(name) {
            return Language(name: name, kind: .data)
        }
        return Language(name: name, kind: .code)
    }

    private static func shebang(_ head: [UInt8]) -> Language? {
        guard head.starts(with: "#!".utf8) else { return nil }
        let line = String(decoding: head.prefix(200).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let known = [
            "python": "python", "bash": "bash", "sh": "bash", "zsh": "bash", "node": "javascript", "ruby": "ruby",
            "perl": "perl", "php": "php", "lua": "lua", "swift": "swift", "Rscript": "r",
        ]
        let words = line.split { $0 == "/" || $0 == " " || $0.isNumber || $0 == "." }
        return words.reversed().lazy.compactMap { known[String($0)] }.first.map(named)
    }

    private static let byFileName: [String: String] = [
        "dockerfile": "dockerfile", "containerfile": "dockerfile", "makefile": "make", "gnumakefile": "make",
        "cmakelists.txt": "cmake", "gemfile": "ruby", "rakefile": "ruby", "podfile": "ruby", "build.bazel": "python",
        "readme": "text", "license": "text", "go.mod": "go_mod", "jenkinsfile": "groovy",
    ]

    private static let byExtension: [String: String] = [
        "swift": "swift", "py": "python", "pyi": "python", "go": "go", "rs": "rust", "js": "javascript",
        "mjs": "javascript",
        "cjs": "javascript", "jsx": "javascript", "ts": "typescript", "mts": "typescript", "cts": "typescript",
        "tsx": "tsx",
        "java": "java", "kt": "kotlin", "kts": "kotlin", "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp", "cxx": "cpp",
        "hpp": "cpp", "hh": "cpp", "hxx": "cpp", "inc": "cpp", "cs": "c_sharp", "rb": "ruby", "php": "php",
        "scala": "scala",
        "sh": "bash", "bash": "bash", "zsh": "bash", "lua": "lua", "ex": "elixir", "exs": "elixir", "hs": "haskell",
        "ml": "ocaml", "mli": "ocaml", "jl": "julia", "pl": "perl", "pm": "perl", "r": "r", "sql": "sql",
        "md": "markdown",
        "markdown": "markdown", "mdx": "markdown", "rst": "rst", "html": "html", "htm": "html", "css": "css",
        "scss": "css",
        "json": "json", "jsonc": "json", "yaml": "yaml", "yml": "yaml", "toml": "toml", "tf": "hcl", "hcl": "hcl",
        "m": "objc", "mm": "objc", "erl": "erlang", "hrl": "erlang", "el": "elisp", "f90": "fortran", "f": "fortran",
        "dockerfile": "dockerfile", "mk": "make", "xml": "xml", "csv": "csv", "txt": "text", "proto": "proto",
        "groovy": "groovy", "gradle": "groovy", "dart": "dart", "zig": "zig", "nim": "nim", "vue": "html",
        "svelte": "html",
    ]
}
