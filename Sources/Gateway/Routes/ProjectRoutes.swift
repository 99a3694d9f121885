import FoundationEssentials
import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `GET/POST /v1/projects`, `GET/DELETE /v1/projects/{id}`, `POST /v1/projects/{id}/ingest`.
struct ProjectRoutes: Sendable {
    let parts: GatewayParts

    private struct Body: Decodable {
        struct Settings: Decodable {
            let maximumDocumentBytes: Int?
            let ignore: [String]?
            let passageLimit: Int?
            let instructions: String?

            enum CodingKeys: String, CodingKey {
                case ignore, instructions
                case maximumDocumentBytes = "maximum_document_bytes"
                case passageLimit = "passage_limit"
            }
        }

        let id: String
        let source: String
        let settings: Settings?
    }

    private struct View: Encodable, Sendable {
        let object = "project"
        let id: ProjectID
        let model: String
        let source: String
        let createdAt: Date
        let reconciledAt: Date?
        /// For example `minilm`; absent until the project is ingested.
        let encoder: String?
        let generation: String?
        let documents: Int
        let passages: Int
        /// Passages that have no vector yet.
        let unembedded: Int

        enum CodingKeys: String, CodingKey {
            case object, id, model, source, encoder, generation, documents, passages, unembedded
            case createdAt = "created_at"
            case reconciledAt = "reconciled_at"
        }
    }

    private struct Deleted: Encodable, Sendable {
        let object = "project.deleted"
        let id: ProjectID
        let deleted = true
    }

    func add(to table: inout RouteTable) {
        table.on(.get, "/v1/projects", use: list)
        table.on(.post, "/v1/projects", use: create)
        table.on(.get, "/v1/projects/:id", use: one)
        table.on(.delete, "/v1/projects/:id", use: delete)
        table.on(.post, "/v1/projects/:id/ingest", use: ingest)
    }

    private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        var views: [View] = []
        for project in try await parts.ports.timeline.projects() where context.caller.maySee(project.id) {
            views.append(try await view(project))
        }
        return .json(ListReply(views))
    }

    private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        .json(try await view(try await project(context)))
    }

    /// Makes a project. Its documents are taken in when it is next compared with its source, or at once by
    /// `POST /v1/projects/{id}/ingest`.
    private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try requireUnlimited(context)
        let body = try await request.read(Body.self, limit: parts.settings.maximumBodyBytes)
        guard let id = ProjectID(rawValue: body.id) else {
            throw APIError.invalid(
                "'id' has 1 to 64 lower-case letters, digits, '-', '_' and '.', a letter or digit first.", param: "id")
        }
        guard body.source.hasPrefix("/") || ObjectLocation(body.source) != nil else {
            throw APIError.invalid("'source' must be an absolute folder path or s3://bucket/prefix.", param: "source")
        }
        if let known = try await parts.ports.timeline.project(id), known.source != body.source {
            throw APIError(
                .conflict, "There is a project '\(id)' of another source. Delete it first, or choose another id.",
                param: "id", code: "project_exists", shouldRetry: false)
        }
        var settings = ProjectSettings()
        if let bytes = body.settings?.maximumDocumentBytes {
            settings.maximumDocumentBytes = try positive(bytes, "settings.maximum_document_bytes")
        }
        if let limit = body.settings?.passageLimit {
            settings.passageLimit = try positive(limit, "settings.passage_limit")
        }
        settings.ignore = body.settings?.ignore ?? []
        settings.instructions = body.settings?.instructions
        let known = try await parts.ports.timeline.project(id)
        settings.encoder = known?.settings.encoder
        settings.formerEncoder = known?.settings.formerEncoder
        let project = Project(
            id: id, source: body.source, settings: settings, createdAt: known?.createdAt ?? Date(),
            reconciledAt: known?.reconciledAt)
        try await parts.ports.timeline.save(project)
        return .json(try await view(project), status: known == nil ? .created : .ok)
    }

    private func delete(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try requireUnlimited(context)
        let project = try await project(context)
        try await parts.ports.eraser.erase(project.id)
        return .json(Deleted(id: project.id))
    }

    /// Compares the source with the index now and says what is to be done; the work itself goes over the bus.
    private func ingest(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try requireUnlimited(context)
        let project = try await project(context)
        guard let ingest = parts.ports.ingest else {
            throw APIError(
                .notImplemented, "This gateway cannot reach the sources. Run: hearth ingest --project \(project.id)",
                code: "ingest_not_available", shouldRetry: false)
        }
        return .json(ReportView(try await ingest(project)), status: .accepted)
    }

    private struct ReportView: Encodable, Sendable {
        let object = "ingestion"
        let project: ProjectID
        let generation: IndexGeneration.Name
        let listed: Int
        let changed: Int
        let deleted: Int
        let unchanged: Int
        let unembedded: Int
        let skipped: [String: Int]
        let complete: Bool

        init(_ report: ReconcileReport) {
            project = report.projectID
            generation = report.index.generation
            listed = report.listed
            changed = report.changed
            deleted = report.deleted
            unchanged = report.unchanged
            unembedded = report.unembedded
            skipped = Dictionary(
                report.skipped.map { ("\($0.key)", $0.value) }, uniquingKeysWith: +)
            complete = report.isComplete
        }
    }

    private func project(_ context: GatewayContext) async throws -> Project {
        try await ProjectAccess(parts: parts).project(context.parameters.get("id") ?? "", for: context.caller)
    }

    private func view(_ project: Project) async throws -> View {
        var active = try await parts.ports.index.active(of: project.id)
        var statistics = IndexStatistics()
        if let found = active {
            do {
                statistics = try await parts.ports.index.statistics(of: found)
            } catch let error as StoreError where error.code == .notFound {
                // Deleted meanwhile, or another generation has taken its place: a list of projects does not fail for that.
                active = nil
            }
        }
        return View(
            id: project.id, model: ModelCatalogue.prefix + project.id.rawValue, source: project.source,
            createdAt: project.createdAt, reconciledAt: project.reconciledAt,
            encoder: project.settings.encoder?.description, generation: active?.generation.rawValue,
            documents: statistics.documents, passages: statistics.passages, unembedded: statistics.unembedded)
    }

    private func positive(_ value: Int, _ field: String) throws -> Int {
        guard value > 0 else { throw APIError.invalid("'\(field)' must be above 0.", param: field) }
        return value
    }

    private func requireUnlimited(_ context: GatewayContext) throws {
        guard context.caller.isUnlimited else {
            throw APIError(.forbidden, "This API key may ask, but not change projects.", code: "not_allowed")
        }
    }
}
