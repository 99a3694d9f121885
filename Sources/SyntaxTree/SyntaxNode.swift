import CTreeSitter

/// A node of a tree.
public struct SyntaxNode: Sendable, Hashable {
    /// The grammar's name for it, for example `function_declaration`.
    public let kind: String
    /// Which part of its parent it is, for example `name`; `nil` if it has no role of its own.
    public let field: String?
    /// Offsets into the source.
    public let bytes: Range<Int>
    /// Whether it is a rule of the grammar rather than a literal such as `{`.
    public let isNamed: Bool
    /// Whether it or something below it did not parse.
    public let hasError: Bool
    /// Whether it is itself what did not parse.
    public let isError: Bool

    init(_ node: cts_node) {
        kind = node.kind.map { String(cString: $0) } ?? ""
        field = node.field.map { String(cString: $0) }
        bytes = Int(node.start)..<max(Int(node.start), Int(node.end))
        isNamed = node.is_named
        hasError = node.has_error
        isError = node.is_error
    }
}
