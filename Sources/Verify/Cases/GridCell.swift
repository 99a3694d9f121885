/// Where the fact of a case was put.
public struct GridCell: Hashable, Sendable, Codable {
    /// The place of its passage in the prompt, from 1: one more for each passage that fits the question better.
    public var rank: Int
    /// How far down in its passage its line stands, in percent.
    public var depth: Int
}
