import Hearth

/// A named part of a source with its documentation.
struct Declaration: Sendable {
    let name: String
    /// The name of what encloses it; `nil` at the top level.
    let enclosing: String?
    let kind: OutlineNode.Kind
    let bytes: Range<Int>
    /// Comments right before it, or a docstring inside; not a part of `bytes` if before.
    let documentation: [Range<Int>]

    /// The declarations of a file, outer ones first.
    static func all(in file: SourceFile) -> [Declaration] { collect(file.outline, enclosing: nil, in: file) }

    private static func collect(_ nodes: [OutlineNode], enclosing: String?, in file: SourceFile) -> [Declaration] {
        var found: [Declaration] = []
        var attached: [OutlineNode] = []
        for node in nodes {
            if node.isAttachedToNext {
                attached.append(node)
                continue
            }
            let name = node.name.flatMap { Self.plain($0) }
            if let name {
                found.append(
                    Declaration(
                        name: name, enclosing: enclosing, kind: node.kind, bytes: node.bytes,
                        documentation: comments(attached, before: node, in: file) + docstring(of: node, in: file)))
            }
            attached = []
            found += collect(inner(of: node), enclosing: name ?? enclosing, in: file)
        }
        return found
    }

    /// The parts of a declaration; of one that only wraps another, such as `export class`, the other's.
    private static func inner(of node: OutlineNode) -> [OutlineNode] {
        let wrapped = node.children.first { !$0.isAttachedToNext && $0.name != nil }
        guard node.name != nil, let wrapped, wrapped.name == node.name, wrapped.kind == node.kind else {
            return node.children
        }
        return wrapped.children
    }

    /// The name without type parameters and scopes; `nil` if it is no identifier, such as an operator.
    static func plain(_ name: String) -> String? {
        let last =
            name.prefix { $0 != "<" && $0 != "(" && $0 != "[" && $0 != " " }
            .split(whereSeparator: { $0 == "." || $0 == ":" }).last ?? ""
        guard let first = last.unicodeScalars.first, first == "_" || first.properties.isAlphabetic,
            last.unicodeScalars.allSatisfy({
                $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
        else { return nil }
        return String(last)
    }

    /// Those that stand right above it: a blank line ends what belongs to it.
    private static func comments(_ attached: [OutlineNode], before node: OutlineNode, in file: SourceFile) -> [Range<
        Int
    >] {
        var ranges: [Range<Int>] = []
        var next = file.line(at: node.bytes.lowerBound)
        for comment in attached.reversed() {
            let lines = file.lines(of: comment.bytes)
            guard lines.upperBound >= next - 1 else { break }
            next = lines.lowerBound
            // What stands behind code on its line speaks of that code.
            let head = file.start(ofLine: lines.lowerBound)..<comment.bytes.lowerBound
            if file.bytes[head].contains(where: { $0 > UInt8(ascii: " ") }) { break }
            if comment.kind == .comment { ranges.insert(comment.bytes, at: 0) }
        }
        return ranges
    }

    /// Python has its documentation inside: a string that is the first statement.
    private static func docstring(of node: OutlineNode, in file: SourceFile) -> [Range<Int>] {
        guard file.language.name == "python" else { return [] }
        return PythonDocstring.find(in: file.bytes, of: node.bytes).map { [$0] } ?? []
    }
}
