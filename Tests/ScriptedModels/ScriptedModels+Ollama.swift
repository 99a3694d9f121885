import FoundationEssentials
import Hummingbird
import NIOCore

extension ScriptedModels {
    func addOllamaRoutes(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in "Ollama is running" }
        router.get("/api/version") { _, _ in Response(json: .object(["version": .string("0.12.3")])) }
        router.get("/api/tags") { _, _ in
            Response(json: .object(["models": .array(offered.map(tag))]))
        }
        router.post("/api/show") { request, _ in
            let body = try? await json(request)
            guard let name = body?["model"]?.string, let model = model(named: name) else {
                return ollamaError("model 'unknown' not found", status: .notFound)
            }
            return Response(json: details(of: model))
        }
        router.post("/api/embed") { request, _ in
            do {
                let body = try await json(request)
                let call = try EmbeddingCall(body, wire: .ollama)
                guard let model = model(named: call.model) else {
                    return ollamaError("model \"\(call.model)\" not found, try pulling it first", status: .notFound)
                }
                // The real server cuts unless it is told not to.
                let isTooLong = "the input length exceeds the context length"
                return try await vectors(
                    of: call, by: model, cutting: body["truncate"]?.bool ?? true,
                    refusal: { ollamaError(isTooLong, status: .badRequest) }
                ) { vectors, tokens in
                    .object([
                        "model": .string(model.name), "embeddings": .array(vectors),
                        "prompt_eval_count": .number(Double(tokens)),
                    ])
                }
            } catch let error as BadRequest {
                return ollamaError(error.message, status: .badRequest)
            }
        }
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

    /// The models as they are now.
    var offered: [Model] { change.current ?? models }

    func model(named name: String) -> Model? {
        offered.first { $0.name == name || $0.name == name + ":latest" }
    }

    private func tag(_ model: Model) -> JSON {
        let isEmbedder = model.capabilities == ["embedding"]
        return .object([
            "name": .string(model.name), "model": .string(model.name), "size": .number(1_000),
            "modified_at": .string("2025-01-01T00:00:00Z"), "digest": .string(model.digest),
            "details": .object(["family": .string(isEmbedder ? "bert" : "llama")]),
        ])
    }

    private func details(of model: Model) -> JSON {
        var info: [String: JSON] = [
            "general.architecture": .string("llama"), "llama.embedding_length": .number(Double(model.dimension)),
            // Of another architecture, to be left alone.
            "clip.embedding_length": .number(77),
        ]
        info["llama.context_length"] = model.contextLength.map { .number(Double($0)) }
        var fields: [String: JSON] = ["model_info": .object(info), "template": .string("{{ .Prompt }}")]
        fields["capabilities"] = model.capabilities.map { .array($0.map(JSON.string)) }
        return .object(fields)
    }

    private func ollamaError(_ message: String, status: HTTPResponse.Status) -> Response {
        Response(json: .object(["error": .string(message)]), status: status)
    }
}
