/// What a check found.
struct Finding: Sendable, Encodable {
    enum Severity: String, Sendable, Encodable { case ok, warning, failure }

    let check: String
    let severity: Severity
    let detail: String
    /// What to do about it; empty if nothing is wrong.
    let remedy: String

    static func ok(_ check: String, _ detail: String) -> Finding {
        Finding(check: check, severity: .ok, detail: detail, remedy: "")
    }

    static func warning(_ check: String, _ detail: String, remedy: String) -> Finding {
        Finding(check: check, severity: .warning, detail: detail, remedy: remedy)
    }

    static func failure(_ check: String, _ detail: String, remedy: String) -> Finding {
        Finding(check: check, severity: .failure, detail: detail, remedy: remedy)
    }
}
