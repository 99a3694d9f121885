/// A passage as answers name it.
public struct SourcePlace: Hashable, Sendable, Codable {
    /// The `n` of the marker `[n]`.
    public var number: Int
    public var path: String
    public var startLine: Int
    public var endLine: Int
    /// Names the document as it was when it was read.
    public var version: String
    /// Of the passage's text.
    public var hash: String
    /// What it said, where the server still knows.
    public var text: String?

    public init(number: Int, path: String, startLine: Int, endLine: Int, version: String, hash: String = "") {
        self.number = number
        self.path = path
        self.startLine = startLine
        self.endLine = endLine
        self.version = version
        self.hash = hash
    }

    enum CodingKeys: String, CodingKey {
        case number, path, version, hash, text
        case startLine = "start_line"
        case endLine = "end_line"
    }

    /// `path:first-last`.
    public var label: String { "\(path):\(startLine)-\(endLine)" }

    func holds(_ path: String, line: Int) -> Bool {
        self.path == path && startLine <= line && line <= endLine
    }
}
