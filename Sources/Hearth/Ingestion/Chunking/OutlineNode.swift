/// A part of a source: a declaration, or anything that can stand alone.
public struct OutlineNode: Hashable, Sendable {
    /// What sort of thing it is, as far as all languages agree.
    public enum Kind: String, Sendable {
        /// Anything with a body of statements: functions, methods, initializers.
        case function
        case type
        /// More of a type that is declared elsewhere.
        case typeExtension
        case value
        case comment
        case other
    }

    public var kind: Kind
    /// What it declares; `nil` if it declares nothing.
    public var name: String?
    /// The beginning of the declaration up to its body, on one line; for the header of what is inside.
    public var signature: String?
    /// Comments and attributes belong to the declaration that follows them.
    public var isAttachedToNext: Bool
    public var bytes: Range<Int>
    /// Parts in their order, inside of `bytes`; empty for what is never taken apart by syntax.
    public var children: [OutlineNode]

    public init(
        kind: Kind = .other,
        name: String? = nil,
        signature: String? = nil,
        isAttachedToNext: Bool = false,
        bytes: Range<Int>,
        children: [OutlineNode] = []
    ) {
        self.kind = kind
        self.name = name
        self.signature = signature
        self.isAttachedToNext = isAttachedToNext
        self.bytes = bytes
        self.children = children
    }
}
