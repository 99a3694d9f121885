/// Cuts sources into chunks that an encoder takes whole: declarations where they fit, their members where they do not,
/// small neighbours together, two declarations never but where one is tiny.
///
/// Splits and merges along the syntax tree (cAST, arXiv 2506.15655), with the encoder's own count of tokens, header
/// included. The chunks of a source follow one another without a gap from its first to its last byte that is not blank.
public struct Chunker: Sendable {
    /// A part of an index generation's name: changes whenever the same source would be cut otherwise.
    public static let version = "4"

    private let outliner: any SyntaxOutliner
    private let limit: Int
    private let tokenCount: @Sendable (Substring) -> Int

    /// - Parameters:
    ///   - limit: the most tokens of a chunk, its header included.
    ///   - tokenCount: by the encoder's tokenizer; additive over white space.
    public init(
        outliner: any SyntaxOutliner,
        limit: Int,
        tokenCount: @escaping @Sendable (Substring) -> Int
    ) {
        self.outliner = outliner
        self.limit = limit
        self.tokenCount = tokenCount
    }

    /// The same with another limit.
    func limited(to limit: Int) -> Chunker { Chunker(outliner: outliner, limit: limit, tokenCount: tokenCount) }

    /// - Parameter source: valid UTF-8.
    public func chunks(of source: [UInt8], path: String, language: Language) -> [Chunk] {
        guard let first = source.firstIndex(where: { $0 > 0x20 }), let last = source.lastIndex(where: { $0 > 0x20 })
        else { return [] }
        let lines = SourceLines(source, tokenCount: tokenCount)
        let whole = lines.lineStart(before: first)..<(lines.range(of: lines.line(at: last)).upperBound)
        let outline =
            language.name == "markdown" ? MarkdownOutline.outline(source) : outliner.outline(source, language: language)
        let headers = ChunkHeader(path: path, limit: limit / 4, tokenCount: tokenCount)
        let cutter = SyntaxCutter(lines: lines, limit: limit, headers: headers)
        return cutter.cut(whole, nodes: outline ?? []).map { piece in
            Chunk(
                bytes: piece.bytes, lines: lines.lineNumbers(of: piece.bytes),
                symbol: piece.symbols.isEmpty ? nil : piece.symbols.joined(separator: ", "),
                names: piece.names,
                header: headers.text(scope: piece.scope))
        }
    }
}
