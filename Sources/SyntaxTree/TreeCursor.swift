import CTreeSitter

/// A walk over a tree, one node at a time: deep trees need no deep stack.
public struct TreeCursor: ~Copyable {
    private let handle: OpaquePointer

    init(handle: OpaquePointer) { self.handle = handle }

    /// The node that the cursor stands on.
    public var node: SyntaxNode { SyntaxNode(cts_cursor_node(handle)) }

    /// Each moves and returns whether there was such a node; if not, the cursor stays.
    public mutating func goToFirstChild() -> Bool { cts_cursor_first_child(handle) }
    /// Moves to what follows under the same parent.
    public mutating func goToNextSibling() -> Bool { cts_cursor_next_sibling(handle) }
    /// Moves up.
    public mutating func goToParent() -> Bool { cts_cursor_parent(handle) }
}
