import Instrumentation
public import ServiceContextModule

/// Carries the context of a distributed trace in a message's properties: `traceparent` and `tracestate` of W3C Trace
/// Context, or whatever the process's instrument writes.
enum TraceContext {
    private struct Properties: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    /// The message with the context of the current task; what the caller put there himself stays.
    static func injected(into message: OutgoingMessage) -> OutgoingMessage {
        guard let context = ServiceContext.current else { return message }
        var carrier: [String: String] = [:]
        InstrumentationSystem.instrument.inject(context, into: &carrier, using: Properties())
        guard !carrier.isEmpty else { return message }
        var message = message
        message.properties.merge(carrier) { mine, _ in mine }
        return message
    }

    static func extracted(from properties: [String: String]) -> ServiceContext {
        var context = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract(properties, into: &context, using: Properties())
        return context
    }
}

extension Message {
    /// The trace that the message was published in, as the process's instrument reads it. Handle the message within
    /// `ServiceContext.withValue(message.traceContext)` to go on with it.
    public var traceContext: ServiceContext { TraceContext.extracted(from: properties) }
}
