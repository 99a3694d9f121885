/// The recursion of ``Chunker``: from the parts of a range to pieces that fit.
struct SyntaxCutter {
    /// A run of text with what it declares and what encloses it.
    struct Piece {
        var bytes: Range<Int>
        var names: [String]
        /// The declarations around it, outermost first, without their children.
        var scope: [OutlineNode]
        var tokens: Int
        /// Whether it is made of whole declarations, which stay alone unless they are small.
        var isDeclaration: Bool

        /// What it declares; of the inside of a declaration, that declaration.
        var symbols: [String] { names.isEmpty && !scope.isEmpty ? [scope.qualifiedName] : names }
    }

    let lines: SourceLines
    let limit: Int
    let headers: ChunkHeader

    /// Pieces that cover `range` without a gap.
    ///
    /// - Parameter nodes: parts of the range, in order.
    func cut(_ range: Range<Int>, nodes: [OutlineNode]) -> [Piece] {
        var pieces: [Piece] = []
        for part in parts(range, nodes: nodes, scope: []) { add(part, to: &pieces) }
        return pieces
    }

    /// The largest parts that fit, none of them joined with another yet.
    ///
    /// - Parameter scope: the declarations around the range, outermost first.
    private func parts(_ range: Range<Int>, nodes: [OutlineNode], scope: [OutlineNode]) -> [Piece] {
        let room = room(scope)
        return segments(range, nodes: nodes).flatMap { segment -> [Piece] in
            let inner = segment.node?.name == nil ? scope : scope + [segment.node].compactMap { $0?.withoutChildren }
            let own = segment.node?.name == nil ? [] : [inner.qualifiedName]
            let tokens = lines.tokens(in: segment.bytes)
            if tokens <= room {
                return [
                    Piece(bytes: segment.bytes, names: own, scope: scope, tokens: tokens, isDeclaration: !own.isEmpty)
                ]
            }
            var parts: [Piece]
            if let node = segment.node, !node.children.isEmpty {
                parts = self.parts(segment.bytes, nodes: node.children, scope: inner)
            } else {
                parts = LineCutter(lines: lines).cut(segment.bytes, limit: self.room(inner)).map { bytes in
                    Piece(bytes: bytes, names: [], scope: inner, tokens: lines.tokens(in: bytes), isDeclaration: false)
                }
            }
            if !own.isEmpty, !parts.isEmpty {
                parts[0].names.insert(contentsOf: own, at: 0)
                // The first part has the declaration's own line: its header need not repeat it.
                if parts[0].tokens <= room { parts[0].scope = scope }
            }
            return parts
        }
    }

    private func room(_ scope: [OutlineNode]) -> Int { max(limit - headers.tokens(scope: scope), limit / 2) }

    /// The range cut where its parts begin; what is before a part and belongs to it goes with it.
    private func segments(_ range: Range<Int>, nodes: [OutlineNode]) -> [(bytes: Range<Int>, node: OutlineNode?)] {
        var starts: [(offset: Int, node: OutlineNode?)] = [(range.lowerBound, nil)]
        var attachedFrom: Int?
        for node in beginningLines(nodes) where range.overlaps(node.bytes) && !node.bytes.isEmpty {
            let start = max(range.lowerBound, lines.lineStart(before: node.bytes.lowerBound))
            if node.isAttachedToNext {
                attachedFrom = attachedFrom ?? start
                continue
            }
            let offset = attachedFrom ?? start
            attachedFrom = nil
            guard let previous = starts.last, offset >= previous.offset else { continue }
            if offset == previous.offset, previous.node == nil {
                starts[starts.count - 1].node = node
            } else if offset > previous.offset {
                starts.append((offset, node))
            }
        }
        let ends = starts.dropFirst().map(\.offset) + [range.upperBound]
        return zip(starts, ends).map { ($0.offset..<$1, $0.node) }.filter { !$0.0.isEmpty }
    }

    /// The nodes that begin a line; of one that begins inside of a line, the parts that do: a cut there would leave half a
    /// line on either side.
    private func beginningLines(_ nodes: [OutlineNode]) -> [OutlineNode] {
        nodes.flatMap { node in
            lines.beginsLine(node.bytes.lowerBound) ? [node] : beginningLines(node.children)
        }
    }

    /// Puts a piece behind the others, into the last one if both are better together.
    private func add(_ piece: Piece, to pieces: inout [Piece]) {
        guard var last = pieces.last, last.bytes.upperBound == piece.bytes.lowerBound else {
            return pieces.append(piece)
        }
        let scope = zip(last.scope, piece.scope).prefix { $0 == $1 }.map(\.0)
        let room = min(room(last.scope), room(piece.scope), room(scope))
        guard last.tokens + piece.tokens <= room, belongTogether(last, piece, room: room) else {
            return pieces.append(piece)
        }
        // What is inside of a declaration is named if it stands behind something else.
        if last.names.isEmpty, last.scope.count > scope.count { last.names = last.symbols }
        last.scope = scope
        last.bytes = last.bytes.lowerBound..<piece.bytes.upperBound
        last.names += piece.names
        last.tokens += piece.tokens
        last.isDeclaration = last.isDeclaration && piece.isDeclaration
        pieces[pieces.count - 1] = last
    }

    /// Two declarations of some size are two answers; what is small says more with its neighbours.
    private func belongTogether(_ left: Piece, _ right: Piece, room: Int) -> Bool {
        if lines.isBlank(left.bytes) || lines.isBlank(right.bytes) { return true }
        if min(left.tokens, right.tokens) <= room / 10 { return true }
        // Siblings, or the head of a declaration and its inside; else a declaration has ended between the two.
        guard right.scope.starts(with: left.scope) else { return false }
        if left.isDeclaration, right.isDeclaration { return false }
        return min(left.tokens, right.tokens) <= room / 3
    }
}

extension [OutlineNode] {
    fileprivate var qualifiedName: String { compactMap(\.name).joined(separator: ".") }
}

extension OutlineNode {
    fileprivate var withoutChildren: OutlineNode {
        var node = self
        node.children = []
        return node
    }
}
