public import Hearth

/// No grammar at all: everything is cut by lines.
public struct NoSyntax: SyntaxOutliner {
    public init() {}

    public func outline(_ source: [UInt8], language: Language) -> [OutlineNode]? { nil }
}

extension Encoders {
    /// One encoder for all projects, whatever they choose.
    public init(only encoder: any Hearth.Encoder) {
        self.init(outliner: NoSyntax(), grammars: "none") { _ in encoder }
    }
}
