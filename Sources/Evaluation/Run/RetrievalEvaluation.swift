public import Hearth
public import Logging

/// Asks a codebase questions that are made of itself, and judges what is found.
///
/// For each question the index is asked once; all variants order the same candidates.
public struct RetrievalEvaluation: Sendable {
    /// What is evaluated.
    public struct Subject: Sendable {
        let name: String
        let corpus: Corpus
        let outliner: any SyntaxOutliner
        let history: (any CommitHistory)?

        /// - Parameters:
        ///   - name: what it is called in the report.
        ///   - history: `nil` if the codebase has none.
        public init(
            name: String,
            corpus: Corpus,
            outliner: any SyntaxOutliner,
            history: (any CommitHistory)?
        ) {
            self.name = name
            self.corpus = corpus
            self.outliner = outliner
            self.history = history
        }
    }

    /// Told what is done: documents in an index, or questions.
    public typealias Progress = @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void

    private let subject: Subject
    private let index: any PassageIndex
    private let maker: PassageMaker
    private let asking: Asking
    private let logger: Logger
    private let progress: Progress

    /// - Parameter index: an empty one that nobody else uses.
    public init(
        _ subject: Subject,
        index: any PassageIndex,
        maker: PassageMaker,
        settings: Retriever.Settings = Retriever.Settings(),
        logger: Logger,
        progress: @escaping Progress = { _, _, _ in }
    ) {
        self.subject = subject
        self.index = index
        self.maker = maker
        self.logger = logger
        self.progress = progress
        asking = Asking(encoder: maker.encoder, ranking: Ranking(settings), candidates: settings.candidates)
    }

    /// Indexes, asks and judges.
    ///
    /// - Throws: ``StoreError``, ``EncoderError``, or ``EvaluationError`` `noQuestions`.
    public func run(_ request: EvaluationReport.Request) async throws -> EvaluationReport {
        var (harvest, drawn, skipped) = try await questions(request)
        var answers: [Answer] = []
        var times = EvaluationReport.Times()
        var passages = 0
        for view in QuestionKind.View.allCases {
            let asked = drawn.filter { $0.kind.view == view }
            guard !asked.isEmpty else { continue }
            let scratch = try await ScratchIndex(view, index: index, maker: maker, logger: logger)
            let started = ContinuousClock.now
            if view == .history {
                answers += try await replay(asked, of: &harvest, in: scratch)
            } else {
                try await fill(scratch, view)
                times.indexSeconds += (ContinuousClock.now - started) / .seconds(1)
                answers += try await ask(asked, in: scratch)
            }
            passages = max(passages, try await scratch.statistics().passages)
        }
        guard !answers.isEmpty else {
            throw EvaluationError(
                .noQuestions, "There is no question of these kinds in \(subject.name). Choose others with --kinds.")
        }
        let kinds = request.kinds.compactMap { report($0, answers, harvest: harvest, seed: request.seed) }
        for kind in kinds { times.search[kind.kind] = Answer.times(answers.filter { $0.question.kind == kind.kind }) }
        return EvaluationReport(
            request: request, setup: setup(passages: passages), kinds: kinds, skipped: skipped, times: times)
    }

    /// Everything there is, what is drawn of it, and the kinds that there is nothing of.
    private func questions(
        _ request: EvaluationReport.Request
    ) async throws -> (QuestionHarvest, [EvaluationQuestion], [QuestionKind: String]) {
        var harvest = QuestionHarvest()
        let wanted = Set(request.kinds)
        let makers: [(kinds: Set<QuestionKind>, maker: any QuestionMaker)] = [
            ([.docstring], DocstringQuestions()),
            ([.symbolExact, .symbolQualified, .symbolSplit, .symbolTypo, .symbolPrefix], SymbolQuestions()),
            ([.error], ErrorQuestions()), ([.test], TestQuestions()), ([.link], LinkQuestions()),
        ]
        for (kinds, maker) in makers where !kinds.isDisjoint(with: wanted) {
            harvest.add(maker.questions(in: subject.corpus))
        }
        var skipped: [QuestionKind: String] = [:]
        if wanted.contains(.commit) {
            if let history = subject.history {
                let commits = try await history.commits(limit: request.questions * CommitQuestions.depth)
                harvest.add(CommitQuestions().questions(of: commits))
            } else {
                skipped[.commit] = "The codebase is no git repository of its own."
            }
        }
        var drawn: [EvaluationQuestion] = []
        for kind in request.kinds {
            let sample = QuestionSample.draw(
                request.questions, of: harvest.questions.filter { $0.kind == kind }, seed: request.seed)
            if sample.isEmpty, skipped[kind] == nil { skipped[kind] = "Nothing in the codebase is such a question." }
            drawn += sample
        }
        return (harvest, drawn, skipped)
    }

    private func fill(_ scratch: ScratchIndex, _ view: QuestionKind.View) async throws {
        let files = subject.corpus.files
        let documents = files.map { file in
            (path: file.path, bytes: view == .undocumented ? DocumentationEraser.erase(file) : file.bytes)
        }
        try await scratch.write(documents) { progress("\(view.rawValue) index", $0, files.count) }
    }

    private func ask(_ questions: [EvaluationQuestion], in scratch: ScratchIndex) async throws -> [Answer] {
        var answers: [Answer] = []
        for question in questions {
            answers.append(try await asking.answer(question, in: scratch))
            progress("questions", answers.count, questions.count)
        }
        return answers
    }

    /// Takes the index from commit to commit, the oldest first, and asks each question of its own.
    ///
    /// - Parameter harvest: has the commits, the newest first; told of questions whose answers are not in the index.
    private func replay(
        _ questions: [EvaluationQuestion],
        of harvest: inout QuestionHarvest,
        in scratch: ScratchIndex
    ) async throws -> [Answer] {
        guard let history = subject.history else { return [] }
        let commits = harvest.questions.compactMap(\.commit)
        let byCommit = Dictionary(grouping: questions) { $0.commit ?? "" }
        var replay = HistoryReplay(history: history, scratch: scratch)
        var answers: [Answer] = []
        var seen: Set<String> = []
        for commit in commits.reversed() where seen.insert(commit).inserted {
            guard let questions = byCommit[commit] else { continue }
            try await replay.move(to: commit)
            for question in questions {
                var targets: [EvaluationQuestion.Target] = []
                for target in question.targets {
                    if try await scratch.holds(target.path) { targets.append(target) }
                }
                if targets.isEmpty {
                    harvest.leaveOut(.commit, because: "nothing of it is indexed")
                } else {
                    answers.append(try await asking.answer(question.answered(by: targets), in: scratch))
                }
            }
            progress("questions to history", answers.count, byCommit.values.reduce(0) { $0 + $1.count })
        }
        return answers
    }

    private func report(
        _ kind: QuestionKind,
        _ answers: [Answer],
        harvest: QuestionHarvest,
        seed: UInt64
    ) -> KindReport? {
        let own = answers.filter { $0.question.kind == kind }
        guard !own.isEmpty else { return nil }
        return KindReport(
            kind, available: harvest.questions.count { $0.kind == kind }, leftOut: harvest.leftOut[kind] ?? [:],
            answers: own.map { ($0.question, $0.judgements) }, features: asking.features, seed: seed)
    }

    private func setup(passages: Int) -> EvaluationReport.Setup {
        let generation = maker.generation
        return EvaluationReport.Setup(
            codebase: subject.name,
            content: Digest.sha256(of: subject.corpus.files.flatMap { [$0.path, Digest.sha256($0.bytes)] }),
            files: subject.corpus.files.count, passages: passages, encoder: generation.encoder,
            chunker: generation.chunker, grammars: generation.grammars, candidates: asking.candidates,
            features: asking.features)
    }
}

extension QuestionHarvest {
    mutating func add(_ other: QuestionHarvest) {
        questions += other.questions
        for (kind, reasons) in other.leftOut { leftOut[kind, default: [:]].merge(reasons, uniquingKeysWith: +) }
    }
}
