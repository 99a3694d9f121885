import HTTPTypes

/// Server-sent events.
enum EventStream {
    /// `x-accel-buffering` keeps nginx from holding events back.
    static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-cache", .accelBuffering: "no",
    ]
}
