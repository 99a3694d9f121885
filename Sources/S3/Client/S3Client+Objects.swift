import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension S3Client {
    /// Opens an object; returns once its head is there. Reading it slowly slows the server down.
    ///
    /// - Parameters:
    ///   - range: of bytes; what lies behind the object's end is left out.
    ///   - versionID: one of several versions; `nil` is the newest.
    /// - Throws: `noSuchKey`, `noSuchBucket`, `notModified`, `preconditionFailed`, `invalidRange`.
    public func get(
        _ key: String,
        in bucket: String,
        range: Range<Int>? = nil,
        condition: S3Condition? = nil,
        versionID: String? = nil
    ) async throws -> S3Object {
        var request = request(.GET, bucket, key, versionID: versionID)
        if let condition { request.headers.append(condition.header) }
        if let range {
            guard !range.isEmpty, range.lowerBound >= 0 else {
                throw S3Error(.invalidRange, "\(request.name): an empty range cannot be read.")
            }
            request.headers.append(("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        }
        let response = try await execute(request)
        guard range == nil || response.status == .partialContent else {
            throw S3Error(.malformedReply, "\(request.name): the server sent more than the range that was asked for.")
        }
        return S3Object(
            head: try S3ObjectHead(response.headers, of: request.name),
            body: S3ObjectBody(response.body, of: request.name))
    }

    /// What the server knows of an object, without its bytes.
    ///
    /// - Throws: `noSuchKey` also where the bucket is missing: a reply to HEAD does not say which.
    public func head(_ key: String, in bucket: String, versionID: String? = nil) async throws -> S3ObjectHead {
        let request = request(.HEAD, bucket, key, versionID: versionID)
        return try S3ObjectHead(try await execute(request).headers, of: request.name)
    }

    /// Writes an object in one piece; it is there whole or not at all.
    ///
    /// - Parameters:
    ///   - metadata: kept with the object; ASCII.
    ///   - condition: `isAbsent` or `matches`. An attempt whose reply was lost, repeated, fails by its own object:
    ///     after `preconditionFailed` look what is there.
    /// - Throws: `preconditionFailed`, `noSuchBucket`.
    @discardableResult
    public func put(
        _ body: S3Body,
        to key: String,
        in bucket: String,
        contentType: String? = nil,
        metadata: [String: String] = [:],
        condition: S3Condition? = nil
    ) async throws -> S3PutReceipt {
        var request = request(.PUT, bucket, key)
        request.headers = Self.headers(contentType: contentType, metadata: metadata)
        if let condition { request.headers.append(condition.header) }
        return try receipt(try await execute(request, body: body), of: request)
    }

    /// Removes an object. One that is not there is no error.
    ///
    /// - Parameter versionID: removes this version for good; without it a bucket that keeps versions hides the object.
    public func delete(_ key: String, in bucket: String, versionID: String? = nil) async throws {
        do {
            _ = try await execute(request(.DELETE, bucket, key, versionID: versionID))
        } catch let error as S3Error where error.code == .noSuchKey {
            // Ceph and AWS say 204; others say that it was gone.
        }
    }

    func request(_ method: HTTPMethod, _ bucket: String, _ key: String, versionID: String? = nil) -> S3Request {
        S3Request(method: method, bucket: bucket, key: key, query: versionID.map { [("versionId", $0)] } ?? [])
    }

    static func headers(contentType: String?, metadata: [String: String]) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let contentType { headers.append(("content-type", contentType)) }
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            headers.append(("x-amz-meta-" + name.lowercased(), value))
        }
        return headers
    }

    func receipt(_ response: HTTPClientResponse, of request: S3Request) throws -> S3PutReceipt {
        guard let etag = response.headers.first(name: "etag") else {
            throw S3Error(.malformedReply, "\(request.name): the reply has no ETag. Is this an S3 server?")
        }
        return S3PutReceipt(etag: S3ETag.unquoted(etag), versionID: S3ObjectHead.versionID(response.headers))
    }
}
