/// What a run is to do.
public struct VerifyRequest: Sendable {
    public var seed: UInt64
    public var kinds: Set<CaseKind>
    public var lane: Lane
    public var options: PinnedOptions
    public var thresholds: VerifyThresholds
    /// For the report.
    public var url: String
    /// How long the index may take to follow the files, and a conversation to follow its answers.
    public var patience: Duration

    public init(
        seed: UInt64 = 1,
        kinds: Set<CaseKind> = Set(CaseKind.generated),
        lane: Lane = .serial,
        options: PinnedOptions = PinnedOptions(),
        thresholds: VerifyThresholds = VerifyThresholds(),
        url: String,
        patience: Duration = .seconds(120)
    ) {
        self.seed = seed
        self.kinds = kinds
        self.lane = lane
        self.options = options
        self.thresholds = thresholds
        self.url = url
        self.patience = patience
    }
}
