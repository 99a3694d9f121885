import Hearth

/// How both ledgers and both timelines name a scope.
extension ErasureScope {
    /// The column of the ledger that holds it.
    var column: String {
        switch self {
        case .session: "session"
        case .project: "project"
        }
    }

    var value: String {
        switch self {
        case .session(let id): id.rawValue
        case .project(let id): id.rawValue
        }
    }

    /// The key of a note that it was erased.
    var note: String { "\(column) \(value)" }

    /// What an append to a session concerns.
    static func all(of session: Session) -> [ErasureScope] {
        [.session(session.id)] + (session.projectID.map { [.project($0)] } ?? [])
    }
}
