/// Something that was not as it must be.
public struct CheckFailure: Hashable, Sendable, Codable {
    /// What was expected.
    public var check: String
    /// What was found.
    public var detail: String
    /// Which part lost it; `nil` until that was looked at.
    public var stage: FailedStage?

    init(_ check: String, _ detail: String, stage: FailedStage? = nil) {
        self.check = check
        self.detail = detail
        self.stage = stage
    }
}
