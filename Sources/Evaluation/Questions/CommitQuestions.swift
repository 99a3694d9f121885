/// A commit's subject as the question, the files that it changes as the answer, asked of its parent.
public struct CommitQuestions: Sendable {
    /// A commit of more is about no file in particular.
    private static let mostTargets = 5
    private static let mostFiles = 10
    private static let fewestWords = 3
    /// How many commits are looked at for each question that is wanted.
    static let depth = 4
    private static let routine = ["revert", "merge", "bump", "release", "version", "update changelog", "wip", "fixup!"]

    public init() {}

    /// Questions of the commits, in their order.
    public func questions(of commits: [Commit]) -> QuestionHarvest {
        var harvest = QuestionHarvest()
        for commit in commits {
            if let reason = reasonAgainst(commit) {
                harvest.leaveOut(.commit, because: reason)
                continue
            }
            harvest.questions.append(
                EvaluationQuestion(
                    kind: .commit, text: subject(commit), targets: commit.changed.sorted().map { .init(path: $0) },
                    commit: commit.parent))
        }
        harvest.leaveOutDuplicates()
        return harvest
    }

    private func reasonAgainst(_ commit: Commit) -> String? {
        if commit.changed.isEmpty { return "only new files" }
        if commit.changed.count > Self.mostTargets || commit.changed.count + commit.added.count > Self.mostFiles {
            return "many files"
        }
        if commit.author.hasSuffix("[bot]") { return "by a program" }
        let subject = subject(commit).lowercased()
        if Self.routine.contains(where: subject.hasPrefix) { return "routine" }
        let names = Set(commit.changed.compactMap { $0.split(separator: "/").last?.lowercased() })
        if names.contains(where: subject.contains) { return "names a file" }
        return QuestionText.contentWords(subject).count < Self.fewestWords ? "fewer than three words" : nil
    }

    /// Without the sign of a convention, such as `fix(parser):`, and the number of a pull request.
    private func subject(_ commit: Commit) -> String {
        var text = commit.subject[...]
        if let colon = text.firstIndex(of: ":"), text[..<colon].count <= 20, !text[..<colon].contains(" ") {
            text = text[text.index(after: colon)...]
        }
        let words = text.split(separator: " ").filter { !$0.hasPrefix("(#") && !$0.hasPrefix("#") }
        return words.joined(separator: " ")
    }
}
