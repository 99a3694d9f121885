import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// The JSON of replies: sorted keys, dates in seconds since 1970.
enum ReplyCoding {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(value)
    }
}

extension Response {
    /// A reply in JSON; 500 should the value have no JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        guard let body = try? ReplyCoding.encode(value) else { return Response(status: .internalServerError) }
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// A list in the form of the OpenAI API.
struct ListReply<Element: Encodable & Sendable>: Encodable, Sendable {
    let object = "list"
    let data: [Element]
    /// Whether asking with `before` set to the last element's time gives more.
    let hasMore: Bool

    init(_ data: [Element], hasMore: Bool = false) {
        self.data = data
        self.hasMore = hasMore
    }

    enum CodingKeys: String, CodingKey {
        case object, data
        case hasMore = "has_more"
    }
}
