/// Answers one question: retrieve, build the prompt, generate, tell, remember.
public struct AnswerPipeline: Sendable {
    private let retriever: Retriever
    private let timeline: any Timeline
    private let generator: any Generator
    private let assembler = PromptAssembler()

    public init(
        retriever: Retriever,
        timeline: any Timeline,
        generator: any Generator
    ) {
        self.retriever = retriever
        self.timeline = timeline
        self.generator = generator
    }

    /// Writes the answer through `reply` up to its terminal event, continuing what earlier attempts have written.
    ///
    /// - Throws: ``ReplyWriter/Stop``, or the error of the part that failed.
    public func answer(_ task: AnswerTask, attempt: Attempt, reply: ReplyWriter) async throws {
        var clock = StageClock(queuedAt: task.createdAt)
        let question = task.question
        let history = try await history(of: question)
        let grounding = try await ground(question, history: history)
        clock.finish("retrieve")

        let model = try await model(for: question).limited(to: question.options.contextLength)
        let prompt = try assembler.assemble(
            question: question, history: history, passages: grounding.found?.passages.map(\.passage) ?? [],
            instructions: grounding.project?.settings.instructions, contextLength: model.contextLength)
        let report = RetrievalReport(
            passages: prompt.passages.map(\.reference), promptHash: prompt.hash,
            encoder: grounding.found?.encoder ?? "", generation: grounding.found?.index.generation,
            lexicalOnly: grounding.found?.lexicalOnly)
        clock.finish("prompt")

        let resumption = Resumption(
            known: attempt.text, continuation: model.continuation,
            isSamePrompt: attempt.retrieval?.promptHash == report.promptHash)
        var writing = AnswerWriting(resumption: resumption, passages: prompt.passages)
        let request = GenerationRequest(
            model: model, prompt: prompt, options: question.options, prefix: resumption.prefix)

        let (reason, usage) = try await generator.readingAhead(request) {
            try await reply.write(.retrieved(report))
            if resumption.restartsAtOnce { try await reply.write(.restarted) }
        } piece: { piece in
            clock.finishOnce("firstToken")
            try await reply.write(writing.push(piece))
        }
        clock.finish("generate")
        let rest = writing.finish()
        let summary = AnswerSummary(
            finishReason: reason, usage: usage, citations: writing.citations, removedMarkers: writing.removedMarkers,
            generator: model.label, generatorDigest: model.digest, contextLength: model.contextLength,
            stageSeconds: clock.seconds)
        try await reply.write(rest + [.completed(summary)])
    }

    /// The conversation before the question: what the client sent, or what the session holds if it sent no more
    /// than the question.
    private func history(of question: Question) async throws -> [ChatMessage] {
        let sent = question.messages.filter { $0.role != .system }.dropLast()
        guard sent.isEmpty else { return Array(sent) }
        return try await timeline.messages(in: question.sessionID, before: nil, limit: 20)
            .map { ChatMessage(role: $0.role, content: $0.text) }
    }

    private func ground(
        _ question: Question,
        history: [ChatMessage]
    ) async throws -> (project: Project?, found: Retrieval?) {
        guard let id = question.projectID else { return (nil, nil) }
        let project = try await timeline.project(id)
        guard let project,
            let found = try await retriever.retrieve(
                question.text, earlier: history.filter { $0.role == .user }.map(\.content), filter: question.filter,
                limit: project.settings.passageLimit, in: project)
        else {
            throw TaskFailure(
                .projectNotReady,
                "Project '\(id)' has no index yet. Ingest it first: hearth ingest <folder> --project \(id)")
        }
        return (project, found)
    }

    private func model(for question: Question) async throws -> GeneratorModel {
        guard question.projectID == nil else { return try await generator.defaultModel() }
        let models = try await generator.models()
        guard let model = models.first(where: { $0.name == question.model || $0.label == question.model }) else {
            throw TaskFailure(.modelNotFound, "No generator offers the model '\(question.model)'.")
        }
        return model
    }
}
