/// Questions that prove one thing together.
struct VerifyCase: Hashable, Sendable {
    /// What must hold between the answers of a case.
    enum Agreement: Hashable, Sendable {
        /// Asked one after the other, the same bytes.
        case sameTextInTurn
        /// Asked at the same time, the same bytes where the lane promises it.
        case sameTextAtOnce
        /// One answer: the same correlation id, and the conversation has it once.
        case oneAnswer
        /// The same of requests that come at the same time.
        case oneAnswerAtOnce

        var isAtOnce: Bool { self == .sameTextAtOnce || self == .oneAnswerAtOnce }
        var isOneAnswer: Bool { self == .oneAnswer || self == .oneAnswerAtOnce }
    }

    let id: String
    let kind: CaseKind
    var asks: [Ask]
    var agreement: Agreement?
    /// Its place in the grid of ranks and depths; `nil` if it has none.
    var cell: GridCell?

    init(_ kind: CaseKind, _ name: String, _ asks: [Ask], agreement: Agreement? = nil, cell: GridCell? = nil) {
        id = "\(kind.rawValue)/\(name)"
        self.kind = kind
        self.asks = asks
        self.agreement = agreement
        self.cell = cell
    }
}
