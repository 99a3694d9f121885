extension VerifyRunner {
    /// Asks a user's own questions about a project that is there. The conversations are removed, each when its question
    /// is answered; afterwards, and also after an error or an interruption, the caller calls ``remove()``.
    ///
    /// - Throws: ``VerifyError``.
    public func run(
        _ suite: VerifySuite,
        progress: @Sendable (CaseResult) -> Void = { _ in }
    ) async throws -> VerifyReport {
        let start = ContinuousClock.now
        let session = "\(projects.prefix)-first"
        let first = try await projects.inPassing(session) {
            try await WarmUp(suite.project, session: session, request: request, api: api)
        }
        let run = CaseRun(
            api: api, projects: projects, codebases: [:], closedBookModel: nil, request: pinned(by: first))
        let chapter = Chapter(name: suite.project, cases: suite.verifyCases)
        return summed(try await ask(chapter, run, progress), first: first, since: start)
    }
}
