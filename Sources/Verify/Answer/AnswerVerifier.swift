import Hearth

/// Reads the sources of an answer of before again.
public struct AnswerVerifier: Sendable {
    private let api: any HearthAPI
    private let patience: Duration
    /// A search takes no more.
    private let passageLimit = 100

    /// - Parameter patience: how long the index may take to follow the files.
    public init(api: any HearthAPI, patience: Duration = .seconds(120)) {
        self.api = api
        self.patience = patience
    }

    /// Says of each cited passage whether it is unchanged, changed or deleted.
    ///
    /// The index is first brought up to date, so that it stands for the files as they are.
    /// - Throws: ``VerifyError`` if there is no such answer, or it is none about a project.
    public func verify(_ correlationID: String) async throws -> AnswerVerification {
        guard let past = try await api.answer(correlationID) else {
            throw VerifyError(.refused, "There is no answer '\(correlationID)'. `hearth tasks` lists the latest.")
        }
        guard let origin = past.origin, let project = origin.project, past.status == "completed" else {
            throw VerifyError(
                .refused,
                "'\(correlationID)' is no finished answer about a project (\(past.status)): it has no sources.")
        }
        var notes: [String] = []
        do { try await follow(project) } catch let error as VerifyError {
            notes.append("The index may be behind the files: \(error.message)")
        }
        var sources: [AnswerVerification.Source] = []
        for citation in origin.citations {
            sources.append(try await source(citation, of: past, in: project))
        }
        if origin.citations.isEmpty { notes.append("The answer cites nothing.") }
        return AnswerVerification(
            correlationID: origin.correlationID, project: project, question: past.question, answer: past.text ?? "",
            sources: sources, notes: notes)
    }

    private func follow(_ project: String) async throws {
        let deadline = ContinuousClock.now + patience
        while try await !api.ingest(project).isComplete {
            guard ContinuousClock.now < deadline else {
                throw VerifyError(.codebase, "it had not followed after \(patience).")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func source(
        _ citation: SourcePlace,
        of past: PastAnswer,
        in project: String
    ) async throws -> AnswerVerification.Source {
        // What is nearest to the old text comes first, where a document has more passages than a search gives.
        let query = citation.text.map { String($0.prefix(500)) } ?? past.question
        let found = try await api.search(
            project, query: query.trimmingWhitespace().isEmpty ? past.question : query, limit: passageLimit,
            pathPrefix: citation.path
        ).filter { $0.path == citation.path }
        var place = citation
        place.text = nil
        guard let now = IndexedText(found) else { return .init(place: place, state: .deleted) }
        if now.versions == [citation.version] { return .init(place: place, state: .unchanged) }
        var old = (citation.text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while old.last?.allSatisfy(\.isWhitespace) == true { old.removeLast() }
        if let start = now.place(of: old) {
            let moved = "\(citation.path):\(start)-\(start + old.count - 1)"
            return .init(place: place, state: .unchanged, movedTo: start == citation.startLine ? nil : moved)
        }
        var new = now.text(citation.startLine...max(citation.startLine, citation.endLine))
        while new.last?.allSatisfy(\.isWhitespace) == true { new.removeLast() }
        return .init(place: place, state: .changed, diff: LineDiff.lines(from: old, to: new))
    }
}
