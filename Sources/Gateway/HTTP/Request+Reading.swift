import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import OpenAI

extension Request {
    /// The whole body.
    ///
    /// - Throws: ``APIError`` 413 if it is larger than `limit`. Never more than that is held.
    @concurrent
    func bytes(limit: Int) async throws -> Data {
        var iterator = body.makeAsyncIterator()
        if let text = headers[.contentLength], let length = Int(text), length > limit {
            throw try await Self.tooLarge(limit, rest: &iterator)
        }
        var bytes = Data()
        while let part = try await iterator.next() {
            guard bytes.count + part.readableBytes <= limit else {
                throw try await Self.tooLarge(limit, rest: &iterator)
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    /// Reads on without keeping anything, within a bound: most clients send their whole body before they read a reply,
    /// and would see a broken connection instead of this error.
    @concurrent
    private static func tooLarge(_ limit: Int, rest: inout RequestBody.AsyncIterator) async throws -> APIError {
        var skipped = 0
        while skipped < 1 << 30, let part = try await rest.next() { skipped += part.readableBytes }
        return APIError(.contentTooLarge, "The body is larger than \(limit) bytes. Send less.", code: "body_too_large")
    }

    /// The body as a request of the API.
    func read<Body: Decodable>(_ type: Body.Type, limit: Int) async throws -> Body {
        try RequestReader.read(type, from: try await bytes(limit: limit))
    }

    /// A number of the query.
    ///
    /// - Throws: ``APIError`` 400 if it is none or outside of `bounds`.
    func integer(_ name: String, default standard: Int, in bounds: ClosedRange<Int>) throws -> Int {
        guard let text = uri.queryParameters[Substring(name)] else { return standard }
        guard let number = Int(text), bounds.contains(number) else {
            throw APIError.invalid(
                "'\(name)' must be an integer from \(bounds.lowerBound) to \(bounds.upperBound).", param: name)
        }
        return number
    }

    /// A moment of the query, in seconds since 1970.
    func date(_ name: String) throws -> Date? {
        guard let text = uri.queryParameters[Substring(name)] else { return nil }
        guard let seconds = Double(text), seconds.isFinite else {
            throw APIError.invalid("'\(name)' must be a number of seconds since 1970.", param: name)
        }
        return Date(timeIntervalSince1970: seconds)
    }
}
