import Hearth
import Testing

@Suite("Ignore rules")
struct IgnoreRulesTests {
    @Test(
        "a pattern matches as git would have it",
        arguments: [
            ("*.log", "a/b.log", true), ("*.log", "b.log", true), ("/b.log", "a/b.log", false),
            ("a/*.log", "a/b.log", true),
            ("a/*.log", "x/a/b.log", false), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true),
            ("**/b", "x/y/b", true),
            ("a/**", "a/x/y", true), ("a/**", "a", false), ("build/", "src/build", false), ("\\!x", "!x", true),
            ("[a-c].txt", "b.txt", true), ("[!a-c].txt", "b.txt", false), ("[]x].txt", "].txt", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false), ("#x", "#x", false), ("\\#x", "#x", true), ("foo*bar*baz", "foo1bar2baz", true),
            ("[unclosed", "[unclosed", true), ("x ", "x", true), ("x\\ ", "x ", true), ("*", "anything", true),
        ])
    func matches(pattern: String, path: String, expected: Bool) {
        let rules = IgnoreRules().adding(pattern, in: "")
        #expect(rules.ignores(path, isFolder: false) == expected)
    }

    @Test("a folder pattern matches folders only")
    func folders() {
        let rules = IgnoreRules().adding("build/", in: "")
        #expect(rules.ignores("src/build", isFolder: true))
        #expect(!rules.ignores("src/build", isFolder: false))
    }

    @Test("the last matching pattern decides")
    func negation() {
        let rules = IgnoreRules().adding("*.log\n!keep.log\n", in: "")
        #expect(rules.ignores("a.log", isFolder: false))
        #expect(!rules.ignores("keep.log", isFolder: false))
    }

    @Test("a nested file speaks for its own folder only, and overrules those above")
    func nested() {
        let rules = IgnoreRules().adding("*.txt", in: "").adding("!*.txt\n/only.md", in: "docs")
        #expect(rules.ignores("a.txt", isFolder: false))
        #expect(!rules.ignores("docs/a.txt", isFolder: false))
        #expect(rules.ignores("docs/only.md", isFolder: false))
        #expect(!rules.ignores("only.md", isFolder: false))
    }

    @Test("a file below an ignored folder stays ignored")
    func below() {
        let rules = IgnoreRules().adding("out/\n!out/keep.swift", in: "")
        #expect(rules.ignoresTree(of: "out/keep.swift"))
    }

    @Test("a hostile pattern takes no more than a moment")
    func hostile() {
        let rules = IgnoreRules().adding(String(repeating: "a*", count: 60) + "b", in: "")
        #expect(!rules.ignores(String(repeating: "a", count: 200), isFolder: false))
    }
}
