import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import OpenAI

extension Request {
    /// The whole body.
    ///
    /// - Throws: ``APIError`` 413 if it is larger than `limit`, before anything is read where the client says so.
    func bytes(limit: Int) async throws -> Data {
        if let text = headers[.contentLength], let length = Int(text), length > limit { throw Self.tooLarge(limit) }
        do {
            let buffer = try await body.collect(upTo: limit)
            return Data(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge(limit)
        }
    }

    private static func tooLarge(_ limit: Int) -> APIError {
        APIError(.contentTooLarge, "The body is larger than \(limit) bytes. Send less.", code: "body_too_large")
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
            throw APIError.invalid("'\(name)' must be an integer from \(bounds.lowerBound) to \(bounds.upperBound).", param: name)
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
