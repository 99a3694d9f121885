import HTTPTypes

extension HTTPField.Name {
    private static func named(_ text: StaticString) -> HTTPField.Name {
        // Every name below is a valid token, so the fallback is never taken.
        HTTPField.Name("\(text)") ?? .server
    }

    static let requestID = named("x-request-id")
    static let clientRequestID = named("x-client-request-id")
    static let correlationID = named("x-correlation-id")
    static let session = named("x-hearth-session")
    static let background = named("x-hearth-background")
    static let apiKey = named("x-api-key")
    static let idempotencyKey = named("idempotency-key")
    static let retryCount = named("x-stainless-retry-count")
    static let shouldRetry = named("x-should-retry")
    static let retryAfterMilliseconds = named("retry-after-ms")
    static let processingMilliseconds = named("openai-processing-ms")
    static let apiVersion = named("openai-version")
    static let accelBuffering = named("x-accel-buffering")
    static let limitRequests = named("x-ratelimit-limit-requests")
    static let remainingRequests = named("x-ratelimit-remaining-requests")
    static let resetRequests = named("x-ratelimit-reset-requests")
    static let lastEventID = named("last-event-id")
    static let host = named("host")
}
