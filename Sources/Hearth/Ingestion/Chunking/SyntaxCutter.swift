/// The recursion of ``Chunker``: from the parts of a range to pieces that fit.
struct SyntaxCutter {
    /// A run of text with what it declares and what encloses it.
    struct Piece {
        var bytes: Range<Int>
        var names: [String]
        let scope: [OutlineNode]
        var tokens: Int
        /// Whether it is one whole declaration, which stays alone unless it is small.
        var isDeclaration: Bool
    }

    let lines: SourceLines
    let limit: Int
    let headers: ChunkHeader

    /// Pieces that cover `range` without a gap.
    ///
    /// - Parameters:
    ///   - nodes: parts of the range, in order.
    ///   - scope: the declarations around it, outermost first.
    func cut(_ range: Range<Int>, nodes: [OutlineNode], scope: [OutlineNode]) -> [Piece] {
        let room = max(limit - headers.tokens(scope: scope), limit / 2)
        let qualifier = scope.compactMap(\.name)
        var pieces: [Piece] = []
        for segment in segments(range, nodes: nodes) {
            let tokens = lines.tokens(in: segment.bytes)
            let own = segment.node?.name.map { (qualifier + [$0]).joined(separator: ".") }
            if tokens <= room {
                add(
                    Piece(
                        bytes: segment.bytes, names: own.map { [$0] } ?? [], scope: scope, tokens: tokens,
                        isDeclaration: own != nil),
                    to: &pieces, room: room)
            } else if let node = segment.node, !node.children.isEmpty {
                var inner = cut(segment.bytes, nodes: node.children, scope: node.name == nil ? scope : scope + [node])
                // The first piece has the declaration's own line.
                if let own, !inner.isEmpty { inner[0].names.insert(own, at: 0) }
                pieces += inner
            } else {
                pieces += LineCutter(lines: lines).cut(segment.bytes, limit: room).map { bytes in
                    Piece(
                        bytes: bytes,
                        names: own.map { [$0] } ?? (qualifier.isEmpty ? [] : [qualifier.joined(separator: ".")]),
                        scope: scope, tokens: lines.tokens(in: bytes), isDeclaration: own != nil)
                }
            }
        }
        return pieces
    }

    /// The range cut where its parts begin; what is before a part and belongs to it goes with it.
    private func segments(_ range: Range<Int>, nodes: [OutlineNode]) -> [(bytes: Range<Int>, node: OutlineNode?)] {
        var starts: [(offset: Int, node: OutlineNode?)] = [(range.lowerBound, nil)]
        var attachedFrom: Int?
        for node in nodes where range.overlaps(node.bytes) && !node.bytes.isEmpty {
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

    /// Puts a piece behind the others, into the last one if both are better together.
    private func add(_ piece: Piece, to pieces: inout [Piece], room: Int) {
        guard var last = pieces.last, last.scope == piece.scope, last.bytes.upperBound == piece.bytes.lowerBound,
            last.tokens + piece.tokens <= room, belongTogether(last, piece, room: room)
        else { return pieces.append(piece) }
        last.bytes = last.bytes.lowerBound..<piece.bytes.upperBound
        last.names += piece.names
        last.tokens += piece.tokens
        last.isDeclaration = last.isDeclaration && piece.isDeclaration
        pieces[pieces.count - 1] = last
    }

    /// Two declarations of some size are two answers; what is small says more with its neighbours.
    private func belongTogether(_ left: Piece, _ right: Piece, room: Int) -> Bool {
        if lines.isBlank(left.bytes) || lines.isBlank(right.bytes) { return true }
        let small = room / 5
        if left.isDeclaration, right.isDeclaration { return left.tokens <= small || right.tokens <= small }
        return left.tokens <= room / 3 || right.tokens <= room / 3
    }
}
