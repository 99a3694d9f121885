import NIOHTTP1

extension S3Client {
    /// All objects whose keys begin with `prefix`.
    ///
    /// - Parameters:
    ///   - startAfter: leaves out this key and those before it.
    ///   - pageSize: how many come with one request; servers give 1000 at most.
    public func objects(
        in bucket: String,
        prefix: String = "",
        startAfter: String? = nil,
        pageSize: Int = 1000
    ) -> S3ObjectListing {
        S3ObjectListing(client: self, bucket: bucket, prefix: prefix, startAfter: startAfter, pageSize: pageSize)
    }

    /// One page of objects.
    ///
    /// - Parameters:
    ///   - delimiter: gathers keys that have the same text up to it.
    ///   - continuation: of the page before.
    public func listPage(
        of bucket: String,
        prefix: String = "",
        delimiter: String? = nil,
        startAfter: String? = nil,
        continuation: String? = nil,
        limit: Int = 1000
    ) async throws -> S3ListPage {
        // Keys may hold characters that XML cannot: they come encoded.
        var query = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", "\(min(max(limit, 1), 1000))")]
        if !prefix.isEmpty { query.append(("prefix", prefix)) }
        if let delimiter { query.append(("delimiter", delimiter)) }
        if let startAfter { query.append(("start-after", startAfter)) }
        if let continuation { query.append(("continuation-token", continuation)) }
        let request = S3Request(method: .GET, bucket: bucket, query: query.map { (name: $0.0, value: $0.1) })
        return try S3ListPage(try await document(request, root: "ListBucketResult"), of: request.name)
    }

    /// Every version of the objects whose keys begin with `prefix`, the newest of each first.
    public func versions(in bucket: String, prefix: String = "") async throws -> [S3ObjectVersion] {
        var versions: [S3ObjectVersion] = []
        var marker: (key: String, version: String)?
        repeat {
            var query = [("versions", ""), ("encoding-type", "url"), ("prefix", prefix)]
            if let marker {
                query += [("key-marker", marker.key), ("version-id-marker", marker.version)]
            }
            let request = S3Request(method: .GET, bucket: bucket, query: query.map { (name: $0.0, value: $0.1) })
            let page = try await document(request, root: "ListVersionsResult")
            let isEncoded = page.text(of: "EncodingType") == "url"
            func decoded(_ text: String) -> String { isEncoded ? PercentEncoding.decodeForm(text) ?? text : text }
            for element in page.children where element.name == "Version" || element.name == "DeleteMarker" {
                guard let key = element.text(of: "Key"), let version = element.text(of: "VersionId") else {
                    throw S3Error(.malformedReply, "\(request.name): a version without key or id in the listing.")
                }
                versions.append(
                    S3ObjectVersion(
                        key: decoded(key), versionID: version, isLatest: element.text(of: "IsLatest") == "true",
                        isDeleteMarker: element.name == "DeleteMarker",
                        size: element.text(of: "Size").flatMap { Int($0) } ?? 0,
                        etag: S3ETag.unquoted(element.text(of: "ETag") ?? "")))
            }
            guard page.text(of: "IsTruncated") == "true" else { break }
            guard let key = page.text(of: "NextKeyMarker") else {
                throw S3Error(.malformedReply, "\(request.name): no way to the next page in the listing.")
            }
            marker = (decoded(key), page.text(of: "NextVersionIdMarker") ?? "")
        } while marker != nil
        return versions
    }
}
