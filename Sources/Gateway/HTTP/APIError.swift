import HTTPTypes
import Hearth
import Hummingbird
import NIOCore
import OpenAI

/// An error as a client of the OpenAI API understands it.
struct APIError: Error {
    var status: HTTPResponse.Status
    var detail: ErrorReply.Detail
    var headers: HTTPFields = [:]

    init(
        _ status: HTTPResponse.Status,
        _ message: String,
        type: String = "invalid_request_error",
        param: String? = nil,
        code: String? = nil,
        shouldRetry: Bool? = nil
    ) {
        self.status = status
        detail = ErrorReply.Detail(message: message, type: type, param: param, code: code)
        // SDKs repeat 408, 409, 429 and 5xx by themselves; this header overrules them.
        if let shouldRetry { headers[.shouldRetry] = shouldRetry ? "true" : "false" }
    }

    /// A value that is not allowed.
    static func invalid(_ message: String, param: String?, code: String? = nil) -> APIError {
        APIError(.badRequest, message, param: param, code: code)
    }

    static func notFound(_ message: String, code: String = "not_found") -> APIError {
        APIError(.notFound, message, code: code)
    }

    func response() -> Response {
        var response = Response.json(ErrorReply(detail), status: status)
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension APIError {
    /// Any error of a request that no task was published for: whoever asked may ask again.
    init(describing error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as InvalidRequest: self = .invalid(error.message, param: error.param)
        case let error as GatewayError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as TaskBusError:
            self.init(
                .serviceUnavailable, error.message, type: "server_error", code: "bus_\(error.code)",
                shouldRetry: error.isRetriable)
        case let error as EncoderError:
            let status: HTTPResponse.Status = error.code == .tooLong ? .badRequest : .serviceUnavailable
            self.init(
                status, error.message, type: error.code == .tooLong ? "invalid_request_error" : "server_error",
                code: "encoder_failed")
        case let error as GeneratorError:
            self.init(.serviceUnavailable, error.message, type: "server_error", code: "generator_unavailable")
        case let error as TaskFailure: self.init(failure: error)
        case is NIOTooManyBytesError:
            self.init(.contentTooLarge, "The body is too large.", code: "body_too_large")
        case let error as HTTPError:
            self.init(error.status, error.body ?? error.status.reasonPhrase)
        default:
            self.init(
                .internalServerError, "Hearth could not do this. Its log has the details.", type: "server_error",
                code: "internal_error")
        }
    }

    private init(_ error: GatewayError) {
        switch error.code {
        case .notPublished:
            // Nothing was queued: repeating the request is safe.
            self.init(
                .serviceUnavailable, error.message, type: "server_error", code: "not_published", shouldRetry: true)
            headers[.retryAfter] = "1"
            headers[.retryAfterMilliseconds] = "1000"
        case .keyConflict:
            self.init(.conflict, error.message, code: "idempotency_conflict", shouldRetry: false)
        case .unknownTask:
            self = .notFound(error.message, code: "task_not_found")
        case .stopping:
            self.init(
                .serviceUnavailable, error.message, type: "server_error", code: "gateway_stopping", shouldRetry: false)
        default:
            self.init(.internalServerError, error.message, type: "server_error", code: "internal_error")
        }
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .notFound: self = .notFound(error.message)
        case .invalid, .tooLarge, .empty: self = .invalid(error.message, param: nil)
        case .conflict: self.init(.conflict, error.message, code: "conflict", shouldRetry: false)
        default:
            self.init(
                error.isRetriable ? .serviceUnavailable : .internalServerError, error.message, type: "server_error",
                code: "storage_failed")
            guard error.isRetriable else { return }
            headers[.retryAfter] = "1"
            headers[.retryAfterMilliseconds] = "1000"
        }
    }

    /// A question that ended without an answer. It was on the bus, so no SDK may post it again by itself.
    init(failure: TaskFailure) {
        let status: HTTPResponse.Status
        switch failure.code {
        case .contextLengthExceeded, .generatorRefused, .projectNotReady: status = .badRequest
        case .modelNotFound: status = .notFound
        case .generatorUnavailable, .expired, .notPublished: status = .serviceUnavailable
        case .retrievalFailed, .storageFailed, .internalError: status = .internalServerError
        }
        self.init(
            status, failure.message, type: status.code < 500 ? "invalid_request_error" : "server_error",
            param: failure.code == .contextLengthExceeded ? "messages" : nil, code: failure.code.rawValue,
            shouldRetry: false)
    }

    /// A question that was cancelled while somebody waited for it.
    static var cancelled: APIError {
        APIError(.conflict, "This question was cancelled.", code: "task_cancelled", shouldRetry: false)
    }
}
