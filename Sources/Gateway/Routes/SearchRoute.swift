import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `POST /v1/search`: retrieval without an answer.
struct SearchRoute: Sendable {
    let parts: GatewayParts

    private struct Body: Decodable {
        let project: String
        let query: String
        let limit: Int?
        let pathPrefix: String?
        let languages: [String]?

        enum CodingKeys: String, CodingKey {
            case project, query, limit, languages
            case pathPrefix = "path_prefix"
        }
    }

    private struct Hit: Encodable, Sendable {
        let object = "passage"
        let id: String
        let path: String
        let language: String
        let startLine: Int
        let endLine: Int
        let symbol: String
        let text: String
        let version: String
        let hash: String
        let url: String
        let score: Double
        let scoreParts: [String: Double]

        enum CodingKeys: String, CodingKey {
            case object, id, path, language, symbol, text, version, hash, url, score
            case startLine = "start_line"
            case endLine = "end_line"
            case scoreParts = "score_parts"
        }

        init(_ found: ScoredPassage, project: ProjectID) {
            let passage = found.passage
            id = passage.id
            path = passage.path
            language = passage.language
            startLine = passage.lines.lowerBound
            endLine = passage.lines.upperBound
            symbol = passage.symbol
            text = passage.text
            version = passage.documentVersion
            hash = passage.hash
            url = SourceURL.url(of: passage.reference, project: project)
            score = found.score
            scoreParts = found.parts
        }
    }

    func add(to table: inout RouteTable) { table.on(.post, "/v1/search", use: search) }

    private func search(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let body = try await request.read(Body.self, limit: parts.settings.maximumBodyBytes)
        guard !body.query.trimmingWhitespace().isEmpty else {
            throw APIError.invalid("'query' must not be empty.", param: "query")
        }
        let limit = body.limit ?? 10
        guard (1...100).contains(limit) else {
            throw APIError.invalid("'limit' must be an integer from 1 to 100.", param: "limit")
        }
        let project = try await ProjectAccess(parts: parts).project(
            body.project.hasPrefix(ModelCatalogue.prefix)
                ? String(body.project.dropFirst(ModelCatalogue.prefix.count)) : body.project,
            for: context.caller, param: "project")
        let filter = PassageFilter(pathPrefix: body.pathPrefix, languages: Set(body.languages ?? []))
        let found = try await parts.ports.retriever.retrieve(body.query, filter: filter, limit: limit, in: project)
        guard let found else {
            throw APIError.invalid(
                "Project '\(project.id)' has no index yet. Ingest it first.", param: "project",
                code: TaskFailure.Code.projectNotReady.rawValue)
        }
        return .json(ListReply(found.passages.map { Hit($0, project: project.id) }))
    }
}

/// Finds projects, and hides those that a caller may not see.
struct ProjectAccess: Sendable {
    let parts: GatewayParts

    /// - Throws: ``APIError`` 404, the same for a project that is not there and for one that is hidden.
    func project(_ name: String, for caller: Caller, param: String? = nil) async throws -> Project {
        guard let id = ProjectID(rawValue: name), caller.maySee(id),
            let project = try await parts.ports.timeline.project(id)
        else {
            throw APIError(.notFound, "There is no project '\(name)'.", param: param, code: "project_not_found")
        }
        return project
    }
}
