import CTreeSitter

/// One language's grammar.
public struct Grammar: @unchecked Sendable {
    // check: allow unchecked because grammars are constant tables
    public let name: String
    private let runtime: GrammarLibrary.Runtime
    private let language: OpaquePointer

    /// Sources above this are refused: nobody asks about a file of that size, and a tree takes ten times its source.
    public static let maximumBytes = 8 << 20

    init(name: String, runtime: GrammarLibrary.Runtime, language: OpaquePointer) {
        self.name = name
        self.runtime = runtime
        self.language = language
    }

    /// The version of the table format that the grammar was generated in.
    public var abi: Int { Int(cts_language_abi(runtime.handle, language)) }

    /// Parses and lends the tree to `body`. Any bytes parse; what is no program of the language has error nodes.
    ///
    /// - Throws: ``SyntaxTreeError``, or what `body` throws.
    public func withTree<Value>(
        of source: [UInt8],
        timeout: Duration = .seconds(2),
        _ body: (inout TreeCursor) -> Value
    ) throws(SyntaxTreeError) -> Value {
        guard source.count <= Self.maximumBytes else {
            throw SyntaxTreeError(
                .tooLarge, "The source has \(source.count) bytes; the parser takes \(Self.maximumBytes).")
        }
        let microseconds = UInt64(max(1, timeout / .microseconds(1)))
        let tree = source.withUnsafeBytes { bytes in
            cts_parse(
                runtime.handle, language, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count),
                microseconds)
        }
        guard let tree else {
            throw SyntaxTreeError(.timedOut, "The \(name) parser did not finish in \(timeout).")
        }
        defer { cts_tree_destroy(runtime.handle, tree) }
        guard let handle = cts_cursor_create(runtime.handle, tree) else {
            throw SyntaxTreeError(.timedOut, "There is no memory to walk the tree.")
        }
        defer { cts_cursor_destroy(handle) }
        var cursor = TreeCursor(handle: handle)
        return body(&cursor)
    }
}
