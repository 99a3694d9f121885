import Hearth

/// How files of tests are called in most languages.
enum TestNames {
    static func isTest(_ path: String) -> Bool {
        let file = path.split(separator: "/").last ?? ""
        return TestDamping.isTest(path) || [".test.", ".spec.", "_spec."].contains(where: file.contains)
            || (file.hasPrefix("Test") && file.dropFirst(4).first?.isUppercase == true)
    }

    /// What a test file tests, by its own name: `retry` for `test_retry.py`, `RetryTests.swift` and `retry_test.go`;
    /// lower case, without separators.
    static func subject(of stem: some StringProtocol) -> String {
        let words = IdentifierWords.split(stem)
        let marks: Set<String> = ["test", "tests", "spec", "specs", "testing"]
        return words.filter { !marks.contains($0) }.joined()
    }
}
