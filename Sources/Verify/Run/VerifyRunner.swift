import Hearth

/// Runs the cases of a seed against a running Hearth and writes the report.
public struct VerifyRunner: Sendable {
    let api: any HearthAPI
    let request: VerifyRequest
    let projects: ScratchProjects

    /// - Parameters:
    ///   - scratch: files that the server can read.
    ///   - name: what the scratch projects' names begin with; unlike for every run.
    public init(api: any HearthAPI, request: VerifyRequest, scratch: any ScratchFiles, name: String) {
        self.api = api
        self.request = request
        projects = ScratchProjects(api: api, files: scratch, prefix: name, patience: request.patience)
    }

    /// Returns once the server answers.
    ///
    /// - Throws: ``VerifyError`` `unreachable` after `patience`, any other at once.
    public func waitForServer(_ patience: Duration) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                _ = try await api.models()
                return
            } catch let error as VerifyError where error.isRetriable && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// Removes what ``run(progress:)`` has made, however far it came; ends early when it is cancelled.
    ///
    /// - Returns: what is left behind, for messages.
    public func remove() async -> [String] { await projects.remove() }

    /// Writes the scratch projects, asks, changes them and asks again. Afterwards, and also after an error or an
    /// interruption, the caller calls ``remove()``.
    ///
    /// - Parameter progress: called for each case when it is judged.
    /// - Throws: ``VerifyError``; a case that fails is no error.
    public func run(progress: @Sendable (CaseResult) -> Void = { _ in }) async throws -> VerifyReport {
        let start = ContinuousClock.now
        let plan = VerifyPlan(seed: request.seed, kinds: request.kinds)
        var codebases: [ProjectSlot: Codebase] = [:]
        var outcomes: [CaseRun.Outcome] = []
        var first: GivenAnswer?
        for chapter in plan.chapters where !chapter.cases.isEmpty || first == nil {
            try await projects.apply(chapter, to: &codebases)
            if first == nil { first = try await warmUp(projects.id(of: .main)) }
            let run = CaseRun(
                api: api, projects: projects, codebases: codebases,
                closedBookModel: try await closedBookModel(of: first?.origin.generator), request: request)
            outcomes += try await ask(chapter, run, progress)
        }
        return try await summed(outcomes, first: first, since: start)
    }

    /// The report on these cases.
    func summed(
        _ outcomes: [CaseRun.Outcome],
        first: GivenAnswer?,
        since start: ContinuousClock.Instant
    ) async throws -> VerifyReport {
        let observations = outcomes.flatMap(\.observations)
        let pins = PinCheck(
            options: request.options, generator: first?.origin.generator, digest: first?.origin.generatorDigest)
        var notes = pins.notes(on: observations)
        if !observations.contains(where: { $0.ask.book == .closed }), request.kinds.contains(.canary) {
            notes.append("No model is offered under its own name: nothing was asked with the book closed.")
        }
        let cases = outcomes.flatMap(\.results)
        let origin = first?.origin
        return VerifyReport(
            seed: request.seed, lane: request.lane, options: request.options,
            subject: .init(
                url: request.url, generator: origin?.generator, generatorDigest: origin?.generatorDigest,
                encoder: origin?.encoder, generation: origin?.generation),
            kinds: VerifyReport.verdicts(cases, request.thresholds), cases: cases,
            sameBytes: outcomes.reduce(0) { $0 + ($1.agreement?.same ?? 0) },
            comparedBytes: outcomes.reduce(0) { $0 + ($1.agreement?.compared ?? 0) },
            promptHash: VerifyReport.promptHash(cases),
            faults: pins.faults(in: observations) + (try await optionFaults(first)), notes: notes,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// The same question first in every run: it loads the model and says who answers.
    func warmUp(_ project: String) async throws -> GivenAnswer {
        let question = VerifyQuestion(
            model: "hearth/\(project)", text: "Which settings are there?", options: request.options)
        switch try await api.ask(question) {
        case .answer(let answer): return answer
        case .refusal(let status, _, let message):
            throw VerifyError(.refused, "The first question was refused with \(status): \(message)")
        }
    }

    private func closedBookModel(of label: String?) async throws -> String? {
        guard let label else { return nil }
        let own = try await api.models().filter { !$0.hasPrefix("hearth/") }
        // A label is `provider/name`, or the name alone.
        return own.first { $0 == label } ?? own.first { label.hasSuffix("/" + $0) }
    }

    /// Whether the options of the first question are those that its answer was written with.
    private func optionFaults(_ first: GivenAnswer?) async throws -> [String] {
        guard let origin = first?.origin else { return [] }
        let message = try await api.timeline(of: origin.sessionID).first {
            $0.correlationID == origin.correlationID && $0.role == "assistant"
        }
        guard message?.options != request.options else { return [] }
        return ["Temperature, seed, top_k and max_tokens did not arrive: the answer was written with others."]
    }

    /// As many cases at a time as the lane has width; results in the order of the plan.
    func ask(
        _ chapter: Chapter,
        _ run: CaseRun,
        _ progress: @Sendable (CaseResult) -> Void
    ) async throws -> [CaseRun.Outcome] {
        try await withThrowingTaskGroup(of: (Int, CaseRun.Outcome).self) { group in
            var waiting = chapter.cases.enumerated().makeIterator()
            var outcomes: [(Int, CaseRun.Outcome)] = []
            func startNext() {
                guard let (place, item) = waiting.next() else { return }
                group.addTask { (place, try await run.run(item, chapter: chapter.name)) }
            }
            for _ in 0..<request.lane.width { startNext() }
            while let (place, outcome) = try await group.next() {
                outcomes.append((place, outcome))
                outcome.results.forEach(progress)
                startNext()
            }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
