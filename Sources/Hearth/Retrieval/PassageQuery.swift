/// What an index is asked for.
public struct PassageQuery: Hashable, Sendable {
    /// Words to match, in natural language or code.
    public let text: String
    /// The question's vector; `nil` leaves the dense half out.
    public var vector: [Float]?
    public var filter: PassageFilter
    /// The most candidates of each list.
    public var limit: Int
    /// ``NameKeys`` of the names that the text may mean, the surest first.
    public let nameKeys: [String]

    public init(text: String, vector: [Float]?, filter: PassageFilter = PassageFilter(), limit: Int = 50) {
        self.text = text
        self.vector = vector
        self.filter = filter
        self.limit = limit
        nameKeys = QuestionTerms(text).nameKeys
    }
}
