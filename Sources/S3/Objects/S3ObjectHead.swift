import FoundationEssentials
import NIOHTTP1

/// What a server says of one object.
public struct S3ObjectHead: Hashable, Sendable {
    /// Of the whole object, also where a range of it is read.
    public let size: Int
    /// Without its quotation marks. Changes with the object; the MD5 of its bytes only where it was put in one piece.
    public let etag: String
    /// `nil` where the bucket keeps no versions.
    public let versionID: String?
    public let lastModified: S3Timestamp?
    public let contentType: String?
    /// What the writer attached, by names in lower case without `x-amz-meta-`.
    public let metadata: [String: String]

    /// - Throws: ``S3Error`` with code `malformedReply` if there is no ETag or no size.
    init(_ headers: HTTPHeaders, of name: String) throws(S3Error) {
        let total = headers.first(name: "content-range").flatMap { $0.split(separator: "/").last }.flatMap { Int($0) }
        guard let etag = headers.first(name: "etag"),
            let size = total ?? headers.first(name: "content-length").flatMap({ Int($0) })
        else {
            throw S3Error(.malformedReply, "\(name): the reply has no ETag or no size. Is this an S3 server?")
        }
        self.size = size
        self.etag = S3ETag.unquoted(etag)
        versionID = Self.versionID(headers)
        lastModified = headers.first(name: "last-modified").flatMap(S3Timestamp.init(http:))
        contentType = headers.first(name: "content-type")
        var metadata: [String: String] = [:]
        for header in headers {
            let name = header.name.lowercased()
            if name.hasPrefix("x-amz-meta-") { metadata[String(name.dropFirst(11))] = header.value }
        }
        self.metadata = metadata
    }

    /// `null` is what a bucket says whose versions are not kept any more.
    static func versionID(_ headers: HTTPHeaders) -> String? {
        headers.first(name: "x-amz-version-id").flatMap { $0.isEmpty || $0 == "null" ? nil : $0 }
    }
}
