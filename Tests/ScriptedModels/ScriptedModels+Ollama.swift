import FoundationEssentials
import Hummingbird
import NIOCore

extension ScriptedModels {
    func addOllamaRoutes(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in "Ollama is running" }
        router.get("/api/version") { _, _ in Response(json: .object(["version": .string("0.12.3")])) }
        router.get("/api/tags") { _, _ in
            Response(json: .object(["models": .array(models.map(tag))]))
        }
        router.post("/api/show") { request, _ in
            let body = try? await json(request)
            guard let name = body?["model"]?.string, let model = model(named: name) else {
                return ollamaError("model 'unknown' not found", status: .notFound)
            }
            return Response(json: details(of: model))
        }
        router.post("/api/embed") { request, _ in try await embed(request) }
        router.post("/api/chat") { request, _ in
            let number = statistics.begin()
            do {
                var request = request
                let body = try await json(&request)
                let chat = try OllamaRequestCheck.request(body, number: number)
                guard let model = model(named: chat.model) else {
                    statistics.end(abandoned: false)
                    return ollamaError("model '\(chat.model)' not found", status: .notFound)
                }
                return reply(to: request, script: script(chat), wire: OllamaWire(model: model.name))
            } catch let error as BadRequest {
                statistics.end(abandoned: false)
                return ollamaError(error.message, status: .badRequest)
            }
        }
    }

    func model(named name: String) -> Model? {
        models.first { $0.name == name || $0.name == name + ":latest" }
    }

    private func embed(_ request: Request) async throws -> Response {
        let body = try await json(request)
        guard let name = body["model"]?.string, model(named: name) != nil else {
            return ollamaError("model not found", status: .notFound)
        }
        let inputs = body["input"]?.array?.compactMap(\.string) ?? body["input"]?.string.map { [$0] } ?? []
        if body["truncate"]?.bool == false, inputs.contains(where: { $0.utf8.count > 1 << 16 }) {
            return ollamaError("the input length exceeds the context length", status: .badRequest)
        }
        // A unit vector whose place tells the length of the input.
        let vectors = inputs.map { input in
            JSON.array((0..<8).map { .number($0 == input.utf8.count % 8 ? 1 : 0) })
        }
        return Response(
            json: .object([
                "model": .string(name), "embeddings": .array(vectors), "prompt_eval_count": .number(3),
            ]))
    }

    private func tag(_ model: Model) -> JSON {
        let isEmbedder = model.capabilities == ["embedding"]
        return .object([
            "name": .string(model.name), "model": .string(model.name), "size": .number(1_000),
            "modified_at": .string("2025-01-01T00:00:00Z"), "digest": .string("digest-of-\(model.name)"),
            "details": .object(["family": .string(isEmbedder ? "bert" : "llama")]),
        ])
    }

    private func details(of model: Model) -> JSON {
        var info: [String: JSON] = ["general.architecture": .string("llama"), "llama.embedding_length": .number(4096)]
        info["llama.context_length"] = model.contextLength.map { .number(Double($0)) }
        var fields: [String: JSON] = ["model_info": .object(info), "template": .string("{{ .Prompt }}")]
        fields["capabilities"] = model.capabilities.map { .array($0.map(JSON.string)) }
        return .object(fields)
    }

    private func ollamaError(_ message: String, status: HTTPResponse.Status) -> Response {
        Response(json: .object(["error": .string(message)]), status: status)
    }
}
