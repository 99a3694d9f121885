/// How much a run may ask of the generator.
public enum Lane: String, Sendable, CaseIterable, Codable {
    /// A generator that is deterministic: the same bytes, also at the same time.
    case scripted
    /// A real model, one question at a time: the same bytes in turn.
    case serial
    /// A real model, several questions at a time: the same verdicts; equal bytes are counted only.
    case concurrent

    func demandsSameBytes(_ agreement: VerifyCase.Agreement) -> Bool {
        switch agreement {
        case .sameTextInTurn: self != .concurrent
        case .sameTextAtOnce: self == .scripted
        case .oneAnswer, .oneAnswerAtOnce: true
        }
    }

    /// Cases that run at the same time.
    var width: Int { self == .concurrent ? 4 : 1 }
}
