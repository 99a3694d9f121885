import FoundationEssentials

extension Timeline {
    /// Writes a question that has ended, and its answer, into the question's session.
    ///
    /// All ids and times come from the task and its events, so that writing it again changes nothing.
    func remember(_ task: AnswerTask, answer: Answer) async throws {
        let question = task.question
        var messages = [
            Message(
                id: "\(task.id)-question", sessionID: question.sessionID, projectID: question.projectID, role: .user,
                text: question.text, createdAt: task.createdAt, correlationID: task.id)
        ]
        if !answer.text.isEmpty {
            // A moment later, so that the order by time is the order of the conversation.
            let answeredAt = task.createdAt.addingTimeInterval(0.001)
            messages.append(
                Message(
                    id: "\(task.id)-answer", sessionID: question.sessionID, projectID: question.projectID,
                    role: .assistant, text: answer.text, createdAt: answeredAt, correlationID: task.id,
                    provenance: provenance(of: answer, options: question.options)))
        }
        let conversation = question.messages + [ChatMessage(role: .assistant, content: answer.text)]
        let head =
            answer.summary == nil
            ? nil : ConversationHead.hash(of: conversation, project: question.projectID, owner: task.owner)
        let session = Session(
            id: question.sessionID, projectID: question.projectID, title: String(question.text.prefix(80)),
            createdAt: task.createdAt, head: head)
        try await append(messages, to: session)
    }

    private func provenance(of answer: Answer, options: GenerationOptions) -> Provenance? {
        guard let retrieval = answer.retrieval, let summary = answer.summary else { return nil }
        return Provenance(
            passages: retrieval.passages,
            citations: summary.citations.map { Citation(number: $0.number, passage: $0.passage) },
            removedMarkers: summary.removedMarkers, encoder: retrieval.encoder, generation: retrieval.generation,
            generator: summary.generator,
            promptHash: retrieval.promptHash, options: options)
    }
}
