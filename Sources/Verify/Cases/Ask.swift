/// One question of a case and what must be true of its answer.
struct Ask: Hashable, Sendable {
    enum Book: Hashable, Sendable {
        case open(ProjectSlot)
        /// A project that is there already.
        case project(String)
        /// The model alone, without retrieval.
        case closed
    }

    var book: Book
    var question: String
    var expectations: [Expectation]
    /// The facts without which nobody can answer; says which part lost them.
    var gold: [Fact]
    /// Searched is in this folder only; `nil` for everywhere.
    var folder: String?
    /// A label that is the same for all asks of one conversation of the case; `nil` for a fresh one.
    var session: String?
    /// A label that is the same for all asks that are one request.
    var request: String?

    init(
        _ book: Book = .open(.main),
        _ question: String,
        _ expectations: [Expectation],
        gold: [Fact] = [],
        folder: String? = nil,
        session: String? = nil,
        request: String? = nil
    ) {
        self.book = book
        self.question = question
        self.expectations = expectations
        self.gold = gold
        self.folder = folder
        self.session = session
        self.request = request
    }

    /// Asks for a fact: its value, cited.
    static func fact(_ fact: Fact, _ book: Book = .open(.main), question: String? = nil) -> Ask {
        Ask(
            book, question ?? fact.question, [.contains(fact.value), .cites(path: fact.path, line: fact.line)],
            gold: [fact])
    }
}
