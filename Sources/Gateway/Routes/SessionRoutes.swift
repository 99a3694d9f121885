import FoundationEssentials
import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `GET /v1/sessions`, `GET /v1/sessions/{id}/timeline`, `DELETE /v1/sessions/{id}`.
struct SessionRoutes: Sendable {
    let parts: GatewayParts

    private struct View: Encodable, Sendable {
        let object = "session"
        let id: SessionID
        let project: ProjectID?
        let title: String
        let createdAt: Date
        let updatedAt: Date

        enum CodingKeys: String, CodingKey {
            case object, id, project, title
            case createdAt = "created_at"
            case updatedAt = "updated_at"
        }

        init(_ session: Session) {
            id = session.id
            project = session.projectID
            title = session.title
            createdAt = session.createdAt
            updatedAt = session.updatedAt
        }
    }

    private struct MessageView: Encodable, Sendable {
        let object = "message"
        let id: String
        let role: ChatMessage.Role
        let text: String
        let createdAt: Date
        let correlationID: CorrelationID
        let provenance: Provenance?

        enum CodingKeys: String, CodingKey {
            case object, id, role, text, provenance
            case createdAt = "created_at"
            case correlationID = "correlation_id"
        }

        init(_ message: Message) {
            id = message.id
            role = message.role
            text = message.text
            createdAt = message.createdAt
            correlationID = message.correlationID
            provenance = message.provenance
        }
    }

    private struct Deleted: Encodable, Sendable {
        let object = "session.deleted"
        let id: SessionID
        let deleted = true
    }

    func add(to table: inout RouteTable) {
        table.on(.get, "/v1/sessions", use: list)
        table.on(.get, "/v1/sessions/:id", use: one)
        table.on(.get, "/v1/sessions/:id/timeline", use: timeline)
        table.on(.delete, "/v1/sessions/:id", use: delete)
    }

    private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let limit = try request.integer("limit", default: 50, in: 1...500)
        var project: ProjectID?
        if let name = request.uri.queryParameters["project"] {
            project = try await ProjectAccess(parts: parts).project(
                String(name), for: context.caller, param: "project"
            ).id
        }
        let sessions = try await parts.ports.timeline.sessions(
            in: project, before: try request.date("before"), limit: limit)
        let visible = sessions.filter { context.caller.maySee($0.projectID) }
        return .json(ListReply(visible.map(View.init), hasMore: sessions.count == limit))
    }

    private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        .json(View(try await session(context)))
    }

    private func timeline(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let session = try await session(context)
        let limit = try request.integer("limit", default: 100, in: 1...1000)
        let messages = try await parts.ports.timeline.messages(
            in: session.id, before: try request.date("before"), limit: limit)
        return .json(ListReply(messages.map(MessageView.init), hasMore: messages.count == limit))
    }

    private func delete(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let session = try await session(context)
        try await parts.ports.eraser.erase(session.id)
        return .json(Deleted(id: session.id))
    }

    private func session(_ context: GatewayContext) async throws -> Session {
        let text = context.parameters.get("id") ?? ""
        guard let id = SessionID(rawValue: text), let session = try await parts.ports.timeline.session(id),
            context.caller.maySee(session.projectID)
        else { throw APIError.notFound("There is no session '\(text)'.", code: "session_not_found") }
        return session
    }
}
