/// Lowers passages of tests, unless tests are what is asked for.
///
/// A test repeats the names of what it tests more often than the code itself does, and so wins by words; but who asks how
/// something works wants the code.
public struct TestDamping: RankFeature, Hashable {
    public static let name = "testDamping"

    /// What is left of a test's score.
    public var factor: Double

    public init(factor: Double = 0.6) { self.factor = factor }

    public func effect(on passage: Passage, for question: QuestionTerms) -> RankEffect? {
        guard Self.isTest(passage.path), !question.words.contains(where: { $0.hasPrefix("test") }) else { return nil }
        return .damping(factor)
    }

    /// Whether a path is that of a test by the customs of most languages.
    public static func isTest(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        let folders = names.dropLast().map { $0.lowercased() }
        if folders.contains(where: { ["test", "tests", "testing", "spec", "specs", "__tests__"].contains($0) }) {
            return true
        }
        if folders.contains(where: { $0.hasSuffix("tests") || $0.hasSuffix("testing") }) { return true }
        let stem = (names.last ?? "").prefix { $0 != "." }
        return stem.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("Test") || stem.hasSuffix("Tests")
            || stem.hasSuffix("_spec")
    }
}
