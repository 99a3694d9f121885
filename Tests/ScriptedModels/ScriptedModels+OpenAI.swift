import HTTPTypes
import Hummingbird

extension ScriptedModels {
    func addOpenAIRoutes(to router: Router<BasicRequestContext>) {
        router.get("/v1/models") { request, _ in
            guard isAuthorised(request) else { return unauthorised }
            let list = offered.map { model in
                var fields: [String: JSON] = [
                    "id": .string(model.name), "object": .string("model"), "created": .number(1_735_689_600),
                    "owned_by": .string("scripted"),
                ]
                fields["max_model_len"] = model.contextLength.map { .number(Double($0)) }
                return JSON.object(fields)
            }
            return Response(json: .object(["object": .string("list"), "data": .array(list)]))
        }
        router.post("/v1/embeddings") { request, _ in
            guard isAuthorised(request) else { return unauthorised }
            do {
                let call = try EmbeddingCall(try await json(request), wire: .openAI)
                guard let model = model(named: call.model) else {
                    return error("The model `\(call.model)` does not exist.", type: "NotFoundError", code: 404)
                }
                let limit =
                    "This model's maximum context length is \(model.longestText) tokens. Please reduce the input."
                return try await vectors(
                    of: call, by: model, cutting: false,
                    refusal: { error(limit, type: "BadRequestError", code: 400) }
                ) { vectors, tokens in
                    // In no order, as the index is what tells whose a vector is.
                    let data = vectors.enumerated().reversed().map { index, vector in
                        JSON.object([
                            "object": .string("embedding"), "index": .number(Double(index)), "embedding": vector,
                        ])
                    }
                    let usage: [String: JSON] = [
                        "prompt_tokens": .number(Double(tokens)), "total_tokens": .number(Double(tokens)),
                    ]
                    return .object([
                        "object": .string("list"), "model": .string(model.name), "data": .array(data),
                        "usage": .object(usage),
                    ])
                }
            } catch let failure as BadRequest {
                return error(failure.message, type: "BadRequestError", code: 400)
            }
        }
        router.post("/v1/chat/completions") { request, _ in
            guard isAuthorised(request) else { return unauthorised }
            let number = statistics.begin()
            do {
                var request = request
                let body = try await json(&request)
                let chat = try OpenAIRequestCheck.request(body, number: number)
                guard model(named: chat.model) != nil else {
                    statistics.end(abandoned: false)
                    return error("The model `\(chat.model)` does not exist.", type: "NotFoundError", code: 404)
                }
                let includesUsage = body["stream_options"]?["include_usage"]?.bool ?? false
                let wire = OpenAIWire(model: chat.model, includesUsage: includesUsage)
                return reply(to: request, script: script(chat), wire: wire)
            } catch let failure as BadRequest {
                statistics.end(abandoned: false)
                return error(failure.message, type: "BadRequestError", code: 400)
            }
        }
    }

    private func isAuthorised(_ request: Request) -> Bool {
        apiKey == nil || request.headers[.authorization] == apiKey.map { "Bearer \($0)" }
    }

    private var unauthorised: Response {
        error("Unauthorized", type: "invalid_request_error", code: 401)
    }

    private func error(_ message: String, type: String, code: Int) -> Response {
        let fields: [String: JSON] = [
            "message": .string(message), "type": .string(type), "param": .null, "code": .number(Double(code)),
        ]
        return Response(
            json: .object(["error": .object(fields)]), status: HTTPResponse.Status(code: code))
    }
}
