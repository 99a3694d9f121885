/// A plan while it is being made.
struct PlanDraft: Sendable {
    private(set) var written = Chapter(name: "as written")
    private(set) var changed = Chapter(name: "after changes")
    private let seed: UInt64
    private var kind: CaseKind = .canary
    var lexicon: Lexicon

    init(seed: UInt64) {
        self.seed = seed
        lexicon = Lexicon(seed: seed, label: "")
    }

    mutating func add(_ maker: any CaseMaker.Type) {
        kind = maker.kind
        lexicon = Lexicon(seed: seed, label: kind.rawValue)
        maker.add(to: &self)
    }

    /// A file that is there from the beginning.
    mutating func write(_ path: String, in slot: ProjectSlot = .main, _ text: String) {
        written.changes[slot, default: []].append(.write(path: path, text: text))
    }

    /// A fact in a file of its own.
    mutating func constant(_ ending: String = "limit", in slot: ProjectSlot = .main) -> Fact {
        let fact = Fact(
            constant: lexicon.name(ending), value: lexicon.number(), path: "\(kind.rawValue)/\(lexicon.word()).py")
        write(fact.path, in: slot, SourceSketch.python(fact, about: lexicon.word()))
        return fact
    }

    mutating func ask(
        _ name: String,
        _ asks: Ask...,
        agreement: VerifyCase.Agreement? = nil,
        cell: GridCell? = nil
    ) {
        written.cases.append(VerifyCase(kind, name, asks, agreement: agreement, cell: cell))
    }

    /// A change that happens before the second chapter.
    mutating func change(_ change: FileChange, in slot: ProjectSlot = .main) {
        changed.changes[slot, default: []].append(change)
    }

    mutating func askAfterwards(_ name: String, _ asks: Ask..., agreement: VerifyCase.Agreement? = nil) {
        changed.cases.append(VerifyCase(kind, name, asks, agreement: agreement))
    }
}
