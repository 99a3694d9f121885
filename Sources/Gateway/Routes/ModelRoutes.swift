import FoundationEssentials
import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `GET /v1/models` and `GET /v1/models/{id}`, where the id may have slashes.
struct ModelRoutes: Sendable {
    let parts: GatewayParts

    func add(to table: inout RouteTable) {
        table.on(.get, "/v1/models", use: list)
        table.on(.get, "/v1/models/**", use: one)
    }

    private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        .json(ModelList(try await parts.catalogue.list(for: context.caller)))
    }

    private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let path = request.uri.path.dropFirst("/v1/models/".count)
        let id = PercentText.decoded(path)
        let models = try await parts.catalogue.list(for: context.caller)
        guard let model = models.first(where: { $0.id == id }) else {
            throw APIError(.notFound, "The model '\(id)' does not exist.", param: "model", code: "model_not_found")
        }
        return .json(model)
    }
}
