/// An answer of before beside its sources as they are now.
public struct AnswerVerification: Hashable, Sendable, Codable {
    /// What became of a cited passage.
    public enum State: String, Sendable, Codable {
        /// Its text stands there, in the same lines or in others.
        case unchanged
        case changed
        /// There is no such file any more.
        case deleted
    }

    /// One cited passage.
    public struct Source: Hashable, Sendable, Codable {
        public var place: SourcePlace
        public var state: State
        /// Where the text is now, as `path:first-last`, if it moved.
        public var movedTo: String?
        /// Lines that begin with ` `, `-` or `+`; empty where nothing changed.
        public var diff: [String] = []
    }

    public var correlationID: String
    public var project: String
    public var question: String
    public var answer: String
    public var sources: [Source]
    /// What could not be looked at.
    public var notes: [String]

    /// Whether every source says what it said.
    public var holds: Bool { sources.allSatisfy { $0.state == .unchanged } }
}
