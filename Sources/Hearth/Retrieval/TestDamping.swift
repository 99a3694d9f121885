/// Lowers passages of tests, unless tests are what is asked for.
///
/// A test repeats the names of what it tests more often than the code itself does, and so wins by words; but who asks how
/// something works wants the code.
///
/// Earned in NDCG@10 on the held-out codebases of Benchmarks/README.md: errors 0.06, documentation 0.02.
public struct TestDamping: RankFeature, Hashable {
    public static let name = "testDamping"

    /// What is left of a test's score.
    public var factor: Double

    public init(factor: Double = 0.55) { self.factor = factor }

    public func effects(on passages: [ScoredPassage], for question: QuestionTerms) -> [RankEffect?] {
        let isAskedFor = question.words.contains { $0.hasPrefix("test") }
        return passages.map { !isAskedFor && Self.isTest($0.passage.path) ? .damping(factor) : nil }
    }

    /// Whether a path is that of a test by the customs of most languages.
    public static func isTest(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        let folders = names.dropLast().map { $0.lowercased() }
        if folders.contains(where: { ["test", "testing", "spec", "specs", "__tests__", "testdata"].contains($0) }) {
            return true
        }
        if folders.contains(where: { $0.hasSuffix("tests") || $0.hasSuffix("testing") }) { return true }
        let file = names.last ?? ""
        if file.contains(".test.") || file.contains(".spec.") { return true }
        let stem = file.prefix { $0 != "." }
        if stem.hasPrefix("Test"), stem.dropFirst(4).first?.isUppercase == true { return true }
        return stem.hasPrefix("test_")
            || ["_test", "Test", "Tests", "TestCase", "_spec"].contains { stem.hasSuffix($0) }
    }
}
