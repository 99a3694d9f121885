/// Finds the parts of a source by its syntax.
public protocol SyntaxOutliner: Sendable {
    /// The top-level parts, in their order; `nil` where there is no grammar for the language or the source does not parse.
    func outline(_ source: [UInt8], language: Language) -> [OutlineNode]?
}
