import FoundationEssentials
import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `POST /v1/chat/completions`.
struct ChatRoute: Sendable {
    let parts: GatewayParts

    func add(to table: inout RouteTable) { table.on(.post, "/v1/chat/completions", use: answer) }

    private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let startedAt = ContinuousClock.now
        let body = try await request.bytes(limit: parts.settings.maximumBodyBytes)
        let chat = try RequestReader.read(ChatBody.self, from: body)
        let open = try await self.open(chat, body: body, request: request, context: context, startedAt: startedAt)
        var response =
            chat.request.stream == true
            ? stream(open, includesUsage: chat.request.streamOptions?.includeUsage ?? false)
            : try await whole(open)
        response.headers[.correlationID] = open.id.rawValue
        response.headers[.session] = open.question.sessionID.rawValue
        return response
    }

    /// Lets the question in and puts it on the bus.
    private func open(
        _ chat: ChatBody,
        body: Data,
        request: Request,
        context: GatewayContext,
        startedAt: ContinuousClock.Instant
    ) async throws -> OpenAnswer {
        let (messages, options) = (
            try ChatRules.messages(of: chat.request), try ChatRules.options(of: chat, body: body)
        )
        let project = try await project(of: chat.request.model, for: context.caller)
        let owner = context.caller.name
        let session = try await SessionFinder(timeline: parts.ports.timeline).session(
            for: messages, header: request.headers[.session], metadata: chat.request.metadata, project: project,
            owner: owner)
        let question = Question(
            projectID: project, sessionID: session, messages: messages, model: chat.request.model, options: options,
            filter: chat.extras?.filter ?? PassageFilter())
        let share = context.caller.hasKey ? parts.shares.enter(owner) : nil
        let (position, wait) = try await admit(share)
        let isBackground = request.headers[.background] == "true"
        let isBeyondShare = share.map { $0.number > parts.settings.keyShare } ?? false
        let repetition = RepeatCheck(headers: request.headers, body: body, owner: owner)
        let now = Date()
        let task = AnswerTask(
            id: .next(at: now), question: question, replyTo: parts.router.gateway, owner: owner,
            priority: isBackground || isBeyondShare ? .batch : .interactive, createdAt: now,
            deadline: now.addingTimeInterval(parts.settings.answerDeadline / .seconds(1)),
            deduplication: repetition.deduplication)

        // Listening begins before anybody can answer.
        let deliveries = parts.router.deliveries(of: task.id, isNew: true)
        let window = repetition.mayJoin ? parts.settings.deduplicationWindow : nil
        let receipt = try await parts.desk.post(task, joiningWithin: window)
        let cancels = parts.settings.cancelOnDisconnect && !isBackground
        switch receipt {
        case .accepted:
            return openAnswer(
                task, deliveries, context: context, cancels: cancels, share: share, isNew: true, position: position,
                wait: wait, startedAt: startedAt)
        case .joined(let id):
            deliveries.subscription.end()
            guard let earlier = try await parts.ports.ledger.entry(id)?.task else {
                throw GatewayError(.unknownTask, "There is no task '\(id)'.")
            }
            return openAnswer(
                earlier, parts.router.deliveries(of: id), context: context, cancels: cancels, share: share,
                isNew: false, position: 0, wait: nil, startedAt: startedAt)
        }
    }

    private func openAnswer(
        _ task: AnswerTask,
        _ deliveries: ReplyDeliveries,
        context: GatewayContext,
        cancels: Bool,
        share: KeyShare?,
        isNew: Bool,
        position: Int,
        wait: Double?,
        startedAt: ContinuousClock.Instant
    ) -> OpenAnswer {
        let inbox = deliveries.subscription.inbox
        let (subscription, abandoned) = (deliveries.subscription, parts.abandoned)
        let claim = ReaderClaim {
            subscription.end()
            if cancels { abandoned.add(task.id) }
        }
        return OpenAnswer(
            id: task.id, question: task.question, deadline: task.deadline, deliveries: deliveries, claim: claim,
            disconnection: Disconnection(of: context.channel) { inbox.close(throwing: ClientGone()) }, share: share,
            needsConfirmation: isNew, cancelsOnDisconnect: cancels, position: position, wait: wait,
            startedAt: startedAt)
    }

    private func project(of model: String, for caller: Caller) async throws -> ProjectID? {
        switch try await parts.catalogue.target(model, for: caller) {
        case .generator: return nil
        case .project(let project):
            guard try await parts.ports.index.active(of: project.id) != nil else {
                throw APIError.invalid(
                    "Project '\(project.id)' has no index yet. Ingest it first: hearth ingest <folder> --project \(project.id)",
                    param: "model", code: TaskFailure.Code.projectNotReady.rawValue)
            }
            return project.id
        }
    }

    private func admit(_ share: KeyShare?) async throws -> (position: Int, wait: Double?) {
        if let share, share.number > parts.settings.keyLimit {
            let seconds = await parts.admissions.wait(for: share.number - parts.settings.keyLimit)
            throw refusal(
                "This key has \(parts.settings.keyLimit) open questions already, which is its share of the queue.",
                code: "key_queue_full", limit: parts.settings.keyLimit, retryAfter: seconds)
        }
        switch await parts.admissions.decide() {
        case .admit(let position, let wait): return (position, wait)
        case .refuse(let seconds):
            throw refusal(
                "\(parts.settings.queueLimit) questions are waiting already.", code: "queue_full",
                limit: parts.settings.queueLimit, retryAfter: seconds)
        }
    }

    private func refusal(_ reason: String, code: String, limit: Int, retryAfter seconds: Int) -> APIError {
        parts.instruments.count(outcome: "refused")
        var error = APIError(
            .tooManyRequests, "\(reason) Ask again in \(seconds) seconds.", type: "rate_limit_error", code: code)
        error.headers[.retryAfter] = "\(seconds)"
        error.headers[.retryAfterMilliseconds] = "\(seconds * 1000)"
        error.headers[.limitRequests] = "\(limit)"
        error.headers[.remainingRequests] = "0"
        error.headers[.resetRequests] = "\(seconds)s"
        return error
    }

    private func stream(_ open: OpenAnswer, includesUsage: Bool) -> Response {
        let template = ChunkTemplate(
            id: open.completionID, created: Int(Date().timeIntervalSince1970), model: open.question.model,
            fingerprint: parts.fingerprint, includesUsage: includesUsage)
        let stream = ChatStream(answer: open, template: template, parts: parts)
        return Response(
            status: .ok, headers: EventStream.headers,
            body: ResponseBody { writer in try await stream.write(to: &writer) })
    }

    private func whole(_ open: OpenAnswer) async throws -> Response {
        var answer = Answer()
        do {
            try await open.read(with: parts) { answer.add($0) }
        } catch is ClientGone {
            parts.instruments.count(outcome: "disconnected")
            throw APIError(
                .init(code: 499, reasonPhrase: "Client Closed Request"), "The client has gone.", shouldRetry: false)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The task is on the bus: whatever went wrong, posting it again would ask twice.
            parts.instruments.count(outcome: "failed")
            var failure = (error as? TaskFailure).map(APIError.init(failure:)) ?? APIError(describing: error)
            failure.headers[.shouldRetry] = "false"
            throw failure.tagged(open)
        }
        switch answer.ending?.kind {
        case .completed(let summary):
            parts.instruments.count(outcome: "completed")
            return Response.json(WholeAnswer(answer, summary: summary, open: open, fingerprint: parts.fingerprint))
        case .failed(let failure):
            parts.instruments.count(outcome: "failed")
            throw APIError(failure: failure).tagged(open)
        default:
            parts.instruments.count(outcome: "cancelled")
            throw APIError.cancelled.tagged(open)
        }
    }
}

extension APIError {
    /// The error with the ids of the question that it ended.
    fileprivate func tagged(_ open: OpenAnswer) -> APIError {
        var error = self
        error.headers[.correlationID] = open.id.rawValue
        error.headers[.session] = open.question.sessionID.rawValue
        return error
    }
}
