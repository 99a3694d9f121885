/// The lines before a chunk's text that tell the encoder where it is.
struct ChunkHeader {
    let path: String
    let limit: Int
    let tokenCount: @Sendable (Substring) -> Int

    /// The path and the enclosing declarations, shortened to the limit: first outer declarations go, then folders.
    func text(scope: [OutlineNode]) -> String {
        let signatures = scope.compactMap(\.signature)
        for dropped in 0...signatures.count {
            let lines = [path] + signatures.dropFirst(dropped)
            let text = lines.joined(separator: "\n")
            if tokenCount(text[...]) <= limit { return text }
        }
        var names = path.split(separator: "/")
        while names.count > 1 {
            names.removeFirst()
            let text = "…/" + names.joined(separator: "/")
            if tokenCount(text[...]) <= limit { return text }
        }
        return ""
    }

    func tokens(scope: [OutlineNode]) -> Int { tokenCount(text(scope: scope)[...]) }
}
