import NIOHTTP1

extension S3Client {
    /// Makes a bucket. One that is there already and belongs to the caller is no error on Ceph and on AWS in us-east-1.
    ///
    /// - Throws: `bucketExists`.
    public func createBucket(_ bucket: String) async throws {
        _ = try await execute(S3Request(method: .PUT, bucket: bucket))
    }

    /// Removes an empty bucket.
    public func deleteBucket(_ bucket: String) async throws {
        _ = try await execute(S3Request(method: .DELETE, bucket: bucket))
    }

    /// Whether there is such a bucket.
    ///
    /// - Throws: `accessDenied` if there is one that the caller may not see.
    public func bucketExists(_ bucket: String) async throws -> Bool {
        do {
            _ = try await execute(S3Request(method: .HEAD, bucket: bucket))
            return true
        } catch let error as S3Error where error.code == .noSuchBucket {
            return false
        }
    }

    /// Has a bucket keep the versions of its objects, or no longer.
    public func setVersioning(_ isOn: Bool, of bucket: String) async throws {
        let status = XMLText.element("Status", isOn ? "Enabled" : "Suspended")
        let text =
            "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(status)</VersioningConfiguration>"
        _ = try await execute(
            S3Request(method: .PUT, bucket: bucket, query: [("versioning", "")]), body: .text(text))
    }
}
