/// Turns a generator's pieces into the events that a reader gets: markers checked, known text skipped.
struct AnswerWriting: Sendable {
    private var filter: MarkerFilter
    private var resumption: Resumption
    private let passages: [Passage]

    init(resumption: Resumption, passages: [Passage]) {
        self.resumption = resumption
        self.passages = passages
        filter = MarkerFilter(passageCount: passages.count)
        // A continued answer has its markers in the part that is there already.
        _ = filter.push(resumption.prefix)
    }

    mutating func push(_ piece: String) -> [ReplyEvent.Kind] {
        kinds(resumption.push(filter.push(piece)))
    }

    mutating func finish() -> [ReplyEvent.Kind] {
        kinds(resumption.push(filter.finish())) + kinds(resumption.finish())
    }

    var removedMarkers: Int { filter.removed }

    var citations: [Citation] {
        filter.cited.map { number in
            let passage = passages[number - 1]
            return Citation(number: number, passage: passage.reference, text: passage.text)
        }
    }

    private func kinds(_ step: Resumption.Step) -> [ReplyEvent.Kind] {
        switch step {
        case .show(let text): text.isEmpty ? [] : [.text(text)]
        case .restart(let text): text.isEmpty ? [.restarted] : [.restarted, .text(text)]
        }
    }
}
