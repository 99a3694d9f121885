import Hearth

/// Everything about a run, so that another can be compared with it and anybody can repeat it.
public struct VerifyReport: Hashable, Sendable, Codable {
    public static let currentFormat = 1

    /// Whom the run asked.
    public struct Subject: Hashable, Sendable, Codable {
        public var url: String
        public var generator: String?
        public var generatorDigest: String?
        public var encoder: String?
        /// Of the main scratch project.
        public var generation: String?
    }

    public var format = Self.currentFormat
    public var seed: UInt64
    public var lane: Lane
    public var options: PinnedOptions
    public var subject: Subject
    public var kinds: [KindVerdict]
    public var cases: [CaseResult]
    /// The cases that have a place in the grid of ranks and depths; `nil` without any.
    public var grid: VerifyGrid?
    /// Answers with the same bytes as the first to the same question, of all such answers.
    public var sameBytes: Int
    public var comparedBytes: Int
    /// Of the hashes of all prompts, in the order of the cases; `nil` if no answer told one.
    public var promptHash: String?
    /// What the server did not honour; each fails the run.
    public var faults: [String]
    /// What could not be looked at.
    public var notes: [String]
    public var seconds: Double

    /// Whether the run is green.
    public var passed: Bool { faults.isEmpty && !kinds.isEmpty && kinds.allSatisfy(\.isGreen) }

    static func promptHash(_ cases: [CaseResult]) -> String? {
        let hashes = cases.flatMap(\.asks).compactMap(\.promptHash)
        return hashes.isEmpty ? nil : Digest.sha256(hashes.joined(separator: "\n"))
    }

    static func verdicts(_ cases: [CaseResult], _ thresholds: VerifyThresholds) -> [KindVerdict] {
        CaseKind.allCases.compactMap { kind in
            let results = cases.filter { $0.kind == kind }
            return results.isEmpty ? nil : KindVerdict(kind, results, threshold: thresholds[kind])
        }
    }
}
