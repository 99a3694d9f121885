import AsyncHTTPClient
public import NIOCore
import NIOHTTP1

extension S3Client {
    /// Writes an object in parts, several at a time; it is there whole or not at all.
    ///
    /// A failure, and a cancellation too, takes back the parts that are there, as far as the server can be reached.
    /// - Parameters:
    ///   - parts: ranges of the object, in order: ``S3PartPlan/parts``. All but the last have 5 MiB at least.
    ///   - read: the bytes of one part. A part that failed may be asked for again.
    @discardableResult
    public func putParts(
        _ parts: [Range<Int>],
        to key: String,
        in bucket: String,
        contentType: String? = nil,
        metadata: [String: String] = [:],
        concurrency: Int = 4,
        read: @escaping @Sendable (Range<Int>) async throws -> ByteBuffer
    ) async throws -> S3PutReceipt {
        let upload = try await beginUpload(key, bucket, contentType: contentType, metadata: metadata)
        do {
            try Task.checkCancellation()
            let tags = try await send(parts, key, bucket, upload: upload, concurrency: concurrency, read: read)
            return try await complete(key, bucket, upload: upload, tags: tags)
        } catch {
            // check: allow task because parts that nobody completes cost space, also when the caller was cancelled
            await Task { try? await abort(key, bucket, upload: upload) }.value
            throw error
        }
    }

    /// An upload whose id nobody read cannot be taken back: one who is cancelled waits for the reply, though not for ever.
    private func beginUpload(
        _ key: String,
        _ bucket: String,
        contentType: String?,
        metadata: [String: String]
    ) async throws -> String {
        // check: allow task because it is awaited at once, and cancelled with some delay
        let beginning = Task { try await uploadID(key, bucket, contentType: contentType, metadata: metadata) }
        return try await withTaskCancellationHandler {
            try await beginning.value
        } onCancel: {
            // check: allow task because a cancellation handler cannot wait
            Task {
                try await Task.sleep(for: .seconds(5))
                beginning.cancel()
            }
        }
    }

    private func uploadID(
        _ key: String,
        _ bucket: String,
        contentType: String?,
        metadata: [String: String]
    ) async throws -> String {
        var request = request(.POST, bucket, key)
        request.query = [("uploads", "")]
        request.headers = Self.headers(contentType: contentType, metadata: metadata)
        let reply = try await document(request, root: "InitiateMultipartUploadResult")
        guard let upload = reply.text(of: "UploadId"), !upload.isEmpty else {
            throw S3Error(.malformedReply, "\(request.name): the reply names no upload. Is this an S3 server?")
        }
        return upload
    }

    private func send(
        _ parts: [Range<Int>],
        _ key: String,
        _ bucket: String,
        upload: String,
        concurrency: Int,
        read: @escaping @Sendable (Range<Int>) async throws -> ByteBuffer
    ) async throws -> [String] {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var tags = [String](repeating: "", count: parts.count)
            for (index, range) in parts.enumerated() {
                if index >= max(1, concurrency), let (done, tag) = try await group.next() { tags[done] = tag }
                group.addTask {
                    var request = request(.PUT, bucket, key)
                    request.query = [("partNumber", "\(index + 1)"), ("uploadId", upload)]
                    let response = try await execute(request, body: .buffer(try await read(range)))
                    return (index, try receipt(response, of: request).etag)
                }
            }
            while let (done, tag) = try await group.next() { tags[done] = tag }
            return tags
        }
    }

    private func complete(
        _ key: String,
        _ bucket: String,
        upload: String,
        tags: [String]
    ) async throws -> S3PutReceipt {
        var request = request(.POST, bucket, key)
        request.query = [("uploadId", upload)]
        let parts = tags.enumerated().map { index, tag in
            "<Part>" + XMLText.element("PartNumber", "\(index + 1)") + XMLText.element("ETag", "\"\(tag)\"") + "</Part>"
        }
        let text = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        do {
            // The second is moto's word for it.
            _ = try await document(
                request, body: .text(text), root: "CompleteMultipartUploadResult", "CompleteMultipartUploadResponse")
            // Ceph 16 leaves the ETag out of that reply.
            let head = try await head(key, in: bucket)
            return S3PutReceipt(etag: head.etag, versionID: head.versionID)
        } catch let error as S3Error where error.code == .noSuchUpload {
            // Completed by an attempt whose reply was lost.
            let head = try await head(key, in: bucket)
            guard head.etag == S3ETag.multipart(tags) else { throw error }
            return S3PutReceipt(etag: head.etag, versionID: head.versionID)
        }
    }

    private func abort(_ key: String, _ bucket: String, upload: String) async throws {
        var request = request(.DELETE, bucket, key)
        request.query = [("uploadId", upload)]
        _ = try await execute(request)
    }
}
