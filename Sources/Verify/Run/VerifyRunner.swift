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
        let chapters = VerifyPlan(seed: request.seed, kinds: request.kinds).chapters
        var codebases: [ProjectSlot: Codebase] = [:]
        try await projects.apply(chapters[0], to: &codebases)
        let first = try await WarmUp(projects.id(of: .main), request: request, api: api)
        let closedBookModel = try await closedBookModel(of: first.origin.generator)
        var outcomes: [CaseRun.Outcome] = []
        for (place, chapter) in chapters.enumerated() where !chapter.cases.isEmpty {
            if place > 0 { try await projects.apply(chapter, to: &codebases) }
            let run = CaseRun(
                api: api, projects: projects, codebases: codebases, closedBookModel: closedBookModel,
                request: pinned(by: first))
            outcomes += try await ask(chapter, run, progress)
        }
        return summed(outcomes, first: first, since: start)
    }

    /// The request with everything that the first answer has settled.
    func pinned(by first: WarmUp) -> VerifyRequest {
        var request = request
        request.options = first.pinned(request.options)
        return request
    }

    /// The report on these cases.
    func summed(_ outcomes: [CaseRun.Outcome], first: WarmUp, since start: ContinuousClock.Instant) -> VerifyReport {
        let observations = outcomes.flatMap(\.observations)
        let (origin, options) = (first.origin, first.pinned(request.options))
        let pins = PinCheck(options: options, generator: origin.generator, digest: origin.generatorDigest)
        let cases = outcomes.flatMap(\.results)
        var notes = pins.notes(on: observations)
        if !observations.contains(where: { $0.ask.book == .closed }), cases.contains(where: { $0.kind == .canary }) {
            notes.append("No model is offered under its own name: nothing was asked with the book closed.")
        }
        return VerifyReport(
            seed: request.seed, lane: request.lane, options: options,
            subject: .init(
                url: request.url, generator: origin.generator, generatorDigest: origin.generatorDigest,
                encoder: origin.encoder, generation: origin.generation),
            kinds: VerifyReport.verdicts(cases, request.thresholds), cases: cases,
            grid: VerifyGrid(cases), sameBytes: outcomes.reduce(0) { $0 + ($1.agreement?.same ?? 0) },
            comparedBytes: outcomes.reduce(0) { $0 + ($1.agreement?.compared ?? 0) },
            promptHash: VerifyReport.promptHash(cases), faults: pins.faults(in: observations) + first.faults,
            notes: notes, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// A model of the generator under its own name; `nil` if none is offered.
    private func closedBookModel(of label: String?) async throws -> String? {
        guard let label else { return nil }
        let own = try await api.models().filter { !$0.hasPrefix("hearth/") }
        // A label is `provider/name`, or the name alone.
        return own.first { $0 == label } ?? own.first { label.hasSuffix("/" + $0) }
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
