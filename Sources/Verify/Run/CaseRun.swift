import Hearth

/// Asks the questions of one case and judges the answers.
struct CaseRun: Sendable {
    struct Outcome: Sendable {
        /// The case itself, then what its answers are worth by the universal kinds.
        var results: [CaseResult]
        var observations: [Observation]
        var agreement: AgreementCheck?
    }

    let api: any HearthAPI
    let projects: ScratchProjects
    let codebases: [ProjectSlot: Codebase]
    /// The generator's own name of the model; `nil` if the server offers none.
    let closedBookModel: String?
    let request: VerifyRequest

    /// - Throws: ``VerifyError``.
    func run(_ item: VerifyCase, chapter: String) async throws -> Outcome {
        let asks = item.asks.filter { $0.book != .closed || closedBookModel != nil }
        var observations: [Observation] = []
        if item.agreement?.isAtOnce == true {
            observations = try await atOnce(asks, of: item)
        } else {
            for ask in asks { observations.append(try await observe(ask, of: item)) }
        }
        var failures: [CheckFailure] = []
        for observation in observations {
            failures += try await attributed(ExpectationCheck.failures(of: observation), observation)
        }
        let agreement = item.agreement.map { AgreementCheck($0, observations, lane: request.lane) }
        failures += agreement?.failures ?? []
        if item.agreement?.isOneAnswer == true { failures += try await OneAnswerCheck(api).failures(of: observations) }
        let own = CaseResult(
            id: item.id, kind: item.kind, chapter: chapter, cell: item.cell, failures: failures,
            asks: observations.map(AskRecord.init))
        return Outcome(
            results: [own] + (try await universal(item, observations, chapter: chapter)), observations: observations,
            agreement: agreement)
    }

    /// What every answer is judged for. An abstention says nothing that could be cited.
    private func universal(
        _ item: VerifyCase,
        _ observations: [Observation],
        chapter: String
    ) async throws -> [CaseResult] {
        let answers = observations.filter { observation in
            observation.isOpenBook && observation.answer != nil
                && observation.text.trimmingWhitespace() != PromptAssembler.abstention
        }
        guard !answers.isEmpty else { return [] }
        var results: [CaseResult] = []
        for kind in CaseKind.universal.sorted(by: { $0.rawValue < $1.rawValue }) where request.kinds.contains(kind) {
            var failures: [CheckFailure] = []
            for answer in answers {
                let found = kind == .citation ? CitationCheck(answer).failures : IdentifierCheck.failures(of: answer)
                failures += try await attributed(found, answer)
            }
            // The questions stand in the case itself.
            results.append(
                CaseResult(
                    id: "\(kind.rawValue)/\(item.id)", kind: kind, chapter: chapter, failures: failures, asks: []))
        }
        return results
    }

    private func atOnce(_ asks: [Ask], of item: VerifyCase) async throws -> [Observation] {
        try await withThrowingTaskGroup(of: (Int, Observation).self) { group in
            for (place, ask) in asks.enumerated() {
                group.addTask { (place, try await observe(ask, of: item)) }
            }
            var observations: [(Int, Observation)] = []
            for try await observation in group { observations.append(observation) }
            return observations.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func observe(_ ask: Ask, of item: VerifyCase) async throws -> Observation {
        let label = Digest.sha256("\(projects.prefix)/\(item.id)").prefix(12)
        let (model, codebase): (String, Codebase?) =
            switch ask.book {
            case .open(let slot): ("hearth/\(projects.id(of: slot))", codebases[slot])
            case .project(let id): ("hearth/\(id)", nil)
            case .closed: (closedBookModel ?? "", nil)
            }
        // Conversations about a scratch project go with it.
        let isPassing = if case .open = ask.book { false } else { true }
        let name = ask.session ?? (isPassing ? "passing" : nil)
        let question = VerifyQuestion(
            model: model, text: ask.question, pathPrefix: ask.folder, session: name.map { "verify-\(label)-\($0)" },
            idempotencyKey: ask.request.map { "verify-\(label)-\($0)" }, options: request.options)
        let (reply, seconds) =
            if isPassing, let session = question.session {
                try await projects.inPassing(session) { try await send(question) }
            } else {
                try await send(question)
            }
        return Observation(ask: ask, reply: reply, codebase: codebase, seconds: seconds)
    }

    private func send(_ question: VerifyQuestion) async throws -> (Reply, seconds: Double) {
        let start = ContinuousClock.now
        let reply = try await api.ask(question)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        // A conversation has the answer a moment after its reader.
        if case .answer(let answer) = reply, question.session != nil {
            _ = try await api.remembered(answer, patience: request.patience)
        }
        return (reply, seconds)
    }

    private func attributed(_ failures: [CheckFailure], _ observation: Observation) async throws -> [CheckFailure] {
        guard failures.contains(where: { $0.stage == nil }) else { return failures }
        var found: [FoundPassage] = []
        if case .open(let slot) = observation.ask.book, !observation.ask.gold.isEmpty {
            found =
                (try? await api.search(
                    projects.id(of: slot), query: observation.ask.question, limit: VerifyPlan.passageLimit,
                    pathPrefix: observation.ask.folder)) ?? []
        }
        let stage = FailureAttribution.stage(of: observation, found: found)
        return failures.map { failure in
            var failure = failure
            failure.stage = failure.stage ?? stage
            return failure
        }
    }
}
