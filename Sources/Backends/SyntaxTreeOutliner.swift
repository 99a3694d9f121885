public import Hearth
public import SyntaxTree

/// Finds the parts of a source with tree-sitter.
public struct SyntaxTreeOutliner: SyntaxOutliner {
    /// What is smaller than this fits into any chunk and is not taken apart.
    private static let smallestSplit = 240
    /// Deeper nesting is data, or hostile; it is cut by lines.
    private static let deepest = 60
    /// A source of which more than this part did not parse is better cut by lines.
    private static let largestErrorShare = 0.3

    private let grammars: GrammarLibrary

    public init(_ grammars: GrammarLibrary) { self.grammars = grammars }

    public func outline(_ source: [UInt8], language: Language) -> [OutlineNode]? {
        guard let grammar = grammars.grammar(language.name) else { return nil }
        let outline = try? grammar.withTree(of: source) { cursor in
            var broken = 0
            let nodes = Self.children(&cursor, source: source, depth: 0, isInside: false, broken: &broken)
            return Double(broken) > Double(source.count) * Self.largestErrorShare ? [] : nodes
        }
        return outline?.isEmpty == false ? outline : nil
    }

    /// The parts below the node that the cursor stands on; it stands there again afterwards.
    private static func children(
        _ cursor: inout TreeCursor,
        source: [UInt8],
        depth: Int,
        isInside: Bool,
        broken: inout Int
    ) -> [OutlineNode] {
        guard cursor.goToFirstChild() else { return [] }
        var nodes: [OutlineNode] = []
        repeat {
            let node = cursor.node
            if node.isError { broken += node.bytes.count }
            guard node.isNamed, !node.bytes.isEmpty else { continue }
            nodes.append(
                part(node, &cursor, source: source, depth: depth, isInside: isInside, broken: &broken))
        } while cursor.goToNextSibling()
        _ = cursor.goToParent()
        return nodes
    }

    private static func part(
        _ node: SyntaxNode,
        _ cursor: inout TreeCursor,
        source: [UInt8],
        depth: Int,
        isInside: Bool,
        broken: inout Int
    ) -> OutlineNode {
        var part = OutlineNode(bytes: node.bytes)
        part.isAttachedToNext = DeclarationKinds.isAttachedToNext(node.kind)
        if node.kind.contains("comment") { part.kind = .comment }
        // Variables of functions and properties of types would only crowd the names that people ask for.
        let isLocal = isInside && DeclarationKinds.isVariable(node.kind)
        let isReference = DeclarationKinds.isReference(node.kind, ending: source[node.bytes].last)
        if !isLocal, !isReference, DeclarationKinds.isDeclaration(node.kind), let name = name(&cursor, source: source) {
            part.name = name
            part.signature = signature(node, source: source)
            part.kind = DeclarationKinds.kind(of: node.kind, signature: part.signature ?? "")
        }
        if part.name == nil, DeclarationKinds.isWrapper(node.kind),
            let (name, kind) = wrapped(&cursor, source: source)
        {
            part.name = name
            part.signature = signature(node, source: source)
            part.kind = DeclarationKinds.kind(of: kind, signature: part.signature ?? "")
        }
        if node.bytes.count > smallestSplit, depth < deepest, !part.isAttachedToNext {
            part.children = children(
                &cursor, source: source, depth: depth + 1,
                isInside: isInside || DeclarationKinds.holdsVariables(node.kind), broken: &broken)
            // A wrapper, such as `export` before a function or a decorated definition, is what it wraps.
            if part.name == nil, let inner = part.children.first(where: { !$0.isAttachedToNext && $0.name != nil }),
                inner.bytes.count * 10 > node.bytes.count * 8, DeclarationKinds.isWrapper(node.kind)
            {
                part.name = inner.name
                part.signature = inner.signature
                part.kind = inner.kind
                part.children = inner.children
            }
            // A body is a mere pair of braces: its members belong to the declaration.
            if let body = part.children.last, body.name == nil, !body.children.isEmpty, part.name != nil {
                part.children = body.children
            }
        }
        return part
    }

    /// The name of the declaration that the cursor stands on.
    private static func name(_ cursor: inout TreeCursor, source: [UInt8], depth: Int = 0) -> String? {
        guard depth < 6, cursor.goToFirstChild() else { return nil }
        defer { _ = cursor.goToParent() }
        var fallback: String?
        repeat {
            let node = cursor.node
            if node.field == "name" || node.field == "type" && fallback == nil {
                let text = identifier(source, node.bytes)
                if node.field == "name" { return text }
                fallback = text
            } else if node.field == "declarator" || node.kind.hasSuffix("_declarator") || node.kind.hasSuffix("_spec") {
                // C hides the name inside of declarators, Go inside of specifications.
                if let inner = name(&cursor, source: source, depth: depth + 1) { return inner }
                return identifier(source, node.bytes)
            } else if fallback == nil, DeclarationKinds.isIdentifier(node.kind) {
                fallback = identifier(source, node.bytes)
            }
        } while cursor.goToNextSibling()
        return fallback
    }

    /// Name and kind of the declaration that the node under the cursor exports or decorates.
    private static func wrapped(_ cursor: inout TreeCursor, source: [UInt8]) -> (name: String, kind: String)? {
        guard cursor.goToFirstChild() else { return nil }
        defer { _ = cursor.goToParent() }
        repeat {
            if cursor.node.field == "declaration" || cursor.node.field == "definition" {
                let kind = cursor.node.kind
                return name(&cursor, source: source).map { ($0, kind) }
            }
        } while cursor.goToNextSibling()
        return nil
    }

    private static func identifier(_ source: [UInt8], _ bytes: Range<Int>) -> String {
        let text = source[bytes].prefix(120).prefix {
            $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "=")
        }
        let name = String(decoding: text, as: UTF8.self)
        return name.trimmingWhitespace()
    }

    /// The declaration up to its body, on one line.
    private static func signature(_ node: SyntaxNode, source: [UInt8]) -> String {
        let head = source[node.bytes].prefix(300).prefix { $0 != UInt8(ascii: "{") }
        let firstLines = head.split(separator: UInt8(ascii: "\n")).prefix(2)
        let text = firstLines.map { String(decoding: $0, as: UTF8.self).trimmingWhitespace() }
        let endsFirst = text.first.map { $0.hasSuffix(":") || $0.hasSuffix(")") } ?? true
        let line = endsFirst ? text.first ?? "" : text.joined(separator: " ")
        return String(line.prefix(160))
    }
}
