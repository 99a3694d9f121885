import FoundationEssentials
import HTTPTypes
import Hearth
import Hummingbird
import NIOCore
import OpenAI

/// `GET /v1/tasks`, `GET /v1/tasks/{id}`, `GET /v1/tasks/{id}/events`, `POST /v1/tasks/{id}/cancel`.
struct TaskRoutes: Sendable {
    let parts: GatewayParts

    private struct Cancelled: Encodable, Sendable {
        let object = "task.cancellation"
        let id: CorrelationID
        /// `cancelled`, `requested` or `already_finished`.
        let outcome: String
    }

    func add(to table: inout RouteTable) {
        table.on(.get, "/v1/tasks", use: list)
        table.on(.get, "/v1/tasks/:id", use: one)
        table.on(.get, "/v1/tasks/:id/events", use: events)
        table.on(.post, "/v1/tasks/:id/cancel", use: cancel)
    }

    private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let limit = try request.integer("limit", default: 50, in: 1...500)
        var status: TaskStatus?
        if let name = request.uri.queryParameters["status"] {
            guard let known = TaskStatus(rawValue: String(name)) else {
                let names = TaskStatus.allCases.map(\.rawValue).joined(separator: ", ")
                throw APIError.invalid("'status' must be one of \(names).", param: "status")
            }
            status = known
        }
        var project: ProjectID?
        if let name = request.uri.queryParameters["project"] {
            project = try await ProjectAccess(parts: parts).project(
                String(name), for: context.caller, param: "project"
            ).id
        }
        let entries = try await parts.ports.ledger.entries(
            status: status, project: project, before: try request.date("before"), limit: limit)
        let visible = entries.filter { Self.maySee($0.task, context.caller) }
        return .json(ListReply(visible.map { TaskView($0, answer: nil) }, hasMore: entries.count == limit))
    }

    private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let entry = try await entry(context)
        let events = try await parts.ports.ledger.events(of: entry.task.id, after: 0, limit: .max)
        return .json(TaskView(entry, answer: Answer(events)))
    }

    private func cancel(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let entry = try await entry(context)
        let outcome =
            switch try await parts.desk.cancel(entry.task.id) {
            case .cancelled: "cancelled"
            case .requested: "requested"
            case .alreadyFinished: "already_finished"
            case .unknown: throw Self.unknown(entry.task.id.rawValue)
            }
        return .json(Cancelled(id: entry.task.id, outcome: outcome))
    }

    /// Events after `starting_after` (or `Last-Event-ID`) as server-sent events, from the ledger and then live, up to
    /// the terminal one. Nobody who leaves here cancels anything.
    private func events(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let entry = try await entry(context)
        var after = try request.integer("starting_after", default: 0, in: 0...Int.max)
        if request.uri.queryParameters["starting_after"] == nil, let last = request.headers[.lastEventID] {
            guard let number = Int(last), number >= 0 else {
                throw APIError.invalid("'Last-Event-ID' must be a sequence number.", param: "last-event-id")
            }
            after = number
        }
        let id = entry.task.id
        let deliveries = parts.router.deliveries(of: id, after: after)
        let inbox = deliveries.subscription.inbox
        let disconnection = Disconnection(of: context.channel) { inbox.close(throwing: ClientGone()) }
        let keepAlive = parts.settings.keepAlive
        var headers = EventStream.headers
        headers[.correlationID] = id.rawValue
        headers[.session] = entry.task.question.sessionID.rawValue
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                defer { disconnection.end() }
                var lastWrite = ContinuousClock.now
                do {
                    for try await delivery in deliveries {
                        switch delivery {
                        case .event(let event):
                            try await writer.write(
                                ByteBuffer(bytes: try ChunkTemplate.data(EventView(event, task: entry.task))))
                            lastWrite = .now
                        case .quiet where ContinuousClock.now - lastWrite >= keepAlive:
                            try await writer.write(ByteBuffer(bytes: ChunkTemplate.comment("working")))
                            lastWrite = .now
                        case .quiet: break
                        }
                    }
                } catch let error as GatewayError {
                    let detail = APIError(describing: error).detail
                    try await writer.write(ByteBuffer(bytes: try ChunkTemplate.data(ErrorReply(detail))))
                }
                try await writer.finish(nil)
            })
    }

    private func entry(_ context: GatewayContext) async throws -> LedgerEntry {
        let text = context.parameters.get("id") ?? ""
        // The id of a completion is taken, too.
        let bare = text.hasPrefix("chatcmpl-") ? String(text.dropFirst("chatcmpl-".count)) : text
        guard let id = CorrelationID(rawValue: bare), let entry = try await parts.ports.ledger.entry(id),
            Self.maySee(entry.task, context.caller)
        else { throw Self.unknown(text) }
        return entry
    }

    /// A limited key sees its own questions only.
    private static func maySee(_ task: AnswerTask, _ caller: Caller) -> Bool {
        caller.isUnlimited || (caller.maySee(task.question.projectID) && task.owner == caller.name)
    }

    private static func unknown(_ id: String) -> APIError {
        .notFound("There is no task '\(id)'.", code: "task_not_found")
    }
}
