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
        let tooLarge = APIError(
            .contentTooLarge, "The body is larger than \(limit) bytes. Send less.", code: "body_too_large")
        var iterator = body.makeAsyncIterator()
        if let text = headers[.contentLength], let length = Int(text), length > limit {
            // Most clients send their whole body before they read a reply, and would see a broken connection instead.
            // Without a length there may be no end to wait for: there the error goes out at once.
            var skipped = 0
            while skipped < 1 << 30, let part = try await iterator.next() { skipped += part.readableBytes }
            throw tooLarge
        }
        var bytes = Data()
        while let part = try await iterator.next() {
            guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
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
