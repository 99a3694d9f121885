import HTTPTypes
import Hearth
import Hummingbird
import Logging

/// What every request has in common: ids, time, errors as the API wants them, counting.
struct RequestFrame: RouterMiddleware {
    let methods: RouteTable.Methods
    let instruments: Instruments
    let logger: Logger

    @concurrent
    func handle(
        _ request: Request,
        context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let startedAt = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = failure(for: error, request: request)
            if failure.status.code >= 500 {
                logger.error("request failed", metadata: metadata(request, context, error: error))
            }
            response = failure.response()
        }
        let duration = ContinuousClock.now - startedAt
        response.headers[.requestID] = context.requestID.rawValue
        response.headers[.processingMilliseconds] = "\(Int(duration / .milliseconds(1)))"
        response.headers[.apiVersion] = "2020-10-01"
        response.headers[.xContentTypeOptions] = "nosniff"
        instruments.request(
            method: request.method.rawValue, route: context.endpointPath ?? "unknown", status: response.status.code,
            duration: duration)
        logger.debug("request", metadata: metadata(request, context, status: response.status.code))
        return response
    }

    private func failure(for error: any Error, request: Request) -> APIError {
        guard let error = error as? HTTPError, error.status == .notFound else { return APIError(describing: error) }
        let allowed = methods.allowed(on: request.uri.path)
        let place = "\(request.method.rawValue) \(request.uri.path)"
        guard !allowed.isEmpty else {
            return .notFound("There is no '\(place)' here.", code: "unknown_url")
        }
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        var failure = APIError(
            .methodNotAllowed, "'\(place)' is not allowed. Use \(list).", code: "method_not_allowed")
        failure.headers[.allow] = list
        return failure
    }

    /// The path, without the secret that a hook's may end with.
    private func place(_ request: Request) -> String {
        let path = request.uri.path
        return path.hasPrefix(S3HookRoute.path + "/") ? S3HookRoute.path + "/…" : path
    }

    private func metadata(
        _ request: Request,
        _ context: GatewayContext,
        status: Int? = nil,
        error: (any Error)? = nil
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request_id": "\(context.requestID)", "method": "\(request.method)", "path": "\(place(request))",
        ]
        if let id = request.headers[.clientRequestID] { metadata["client_request_id"] = "\(id.prefix(128))" }
        if let status { metadata["status"] = "\(status)" }
        if let error { metadata["error"] = "\(error)" }
        return metadata
    }
}
