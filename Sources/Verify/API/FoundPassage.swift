/// A passage that a search found.
public struct FoundPassage: Hashable, Sendable, Decodable {
    public let path: String
    public let startLine: Int
    public let endLine: Int
    public let version: String
    public let text: String

    public init(path: String, startLine: Int, endLine: Int, version: String, text: String) {
        self.path = path
        self.startLine = startLine
        self.endLine = endLine
        self.version = version
        self.text = text
    }

    enum CodingKeys: String, CodingKey {
        case path, version, text
        case startLine = "start_line"
        case endLine = "end_line"
    }

    func holds(_ path: String, line: Int) -> Bool {
        self.path == path && startLine <= line && line <= endLine
    }
}
