extension VerifyRunner {
    /// Asks a user's own questions about a project that is there; nothing is written.
    ///
    /// - Throws: ``VerifyError``.
    public func run(
        _ suite: VerifySuite,
        progress: @Sendable (CaseResult) -> Void = { _ in }
    ) async throws -> VerifyReport {
        let start = ContinuousClock.now
        let first = try await warmUp(suite.project)
        let run = CaseRun(api: api, projects: projects, codebases: [:], closedBookModel: nil, request: request)
        let chapter = Chapter(name: suite.project, cases: suite.verifyCases)
        return try await summed(try await ask(chapter, run, progress), first: first, since: start)
    }
}
