import Foundation
public import Hearth
import NIOCore
public import S3

/// Brings a bucket's folder up to what a folder on the disk holds: uploads what is new or changed, and what is gone here is
/// removed there if that is wished.
///
/// Both sides are listed in the order of their paths and compared as they come, so that no list of them is held. Each object
/// is there whole or not at all: whoever stops in the middle runs it again and loses nothing.
public struct TreePush: Sendable {
    /// What became of one file.
    public enum Step: Hashable, Sendable {
        case uploaded(path: String, bytes: Int)
        /// Size and content are those of the object.
        case unchanged(path: String)
        case deleted(path: String)
        /// On the server alone, and not asked to be removed.
        case left(path: String)
        case skipped(path: String, SkipReason)
    }

    public typealias Observe = @Sendable (Step) -> Void

    private let client: S3Client
    private let bucket: String
    private let prefix: String
    private let root: String
    private let settings: ProjectSettings
    private let concurrency: Int

    /// - Parameters:
    ///   - root: an absolute path.
    ///   - target: `s3://bucket/folder`.
    ///   - ignore: patterns beside those of the ignore files.
    ///   - concurrency: how many files are on their way at the same time.
    /// - Throws: ``StoreError`` `notFound` without such a folder, `invalid` for a target that is none.
    public init(
        root: String,
        target: String,
        client: S3Client,
        ignore: [String] = [],
        concurrency: Int = 8
    ) throws {
        guard let place = ObjectLocation(target), case .folder(let prefix) = place.tree else {
            throw StoreError(.invalid, "'\(target)' is no place for a tree. Give s3://bucket or s3://bucket/folder.")
        }
        _ = try FolderDocumentStore(root: root)
        self.client = client
        bucket = place.bucket
        self.prefix = prefix
        self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
        // Whatever its size: a limit is a matter of the project that reads it.
        settings = ProjectSettings(maximumDocumentBytes: .max, ignore: ignore)
        self.concurrency = max(1, concurrency)
    }

    /// Compares and uploads.
    ///
    /// - Parameters:
    ///   - deletes: whether what is on the server alone is removed: also what is ignored here.
    ///   - isRehearsal: tells what would be done and does none of it.
    /// - Throws: ``StoreError``; what was uploaded until then stays.
    @concurrent
    public func run(deletes: Bool, isRehearsal: Bool = false, observe: @escaping Observe) async throws {
        try await StoreError.translatingS3 {
            var remote = client.objects(in: bucket, prefix: prefix).makeAsyncIterator()
            try await remote.begin()
            try await merge(
                remote: &remote, work: Work(push: self, deletes: deletes, isRehearsal: isRehearsal, observe: observe))
        }
    }

    private struct Work: Sendable {
        let push: TreePush
        let deletes: Bool
        let isRehearsal: Bool
        let observe: Observe

        func perform(local: DocumentListing?, remote: S3ObjectSummary?) async throws {
            if let local {
                try await push.bring(local, over: remote, isRehearsal: isRehearsal, observe: observe)
            } else if let remote {
                let path = String(decoding: remote.key.utf8.dropFirst(push.prefix.utf8.count), as: UTF8.self)
                guard deletes else { return observe(.left(path: path)) }
                if !isRehearsal { try await push.client.delete(remote.key, in: push.bucket) }
                observe(.deleted(path: path))
            }
        }
    }

    /// Walks both lists side by side; a bounded number of files is worked on meanwhile.
    private func merge(remote: inout S3ObjectListing.AsyncIterator, work: Work) async throws {
        var local = try FolderListing(root: root, settings: settings).makeAsyncIterator()
        var here = try await nextFile(&local, work.observe)
        var there = try await remote.next()
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            while here != nil || there != nil {
                let pair = Self.first(here, there, prefix: prefix)
                if pair.local != nil { here = try await nextFile(&local, work.observe) }
                if pair.remote != nil { there = try await remote.next() }
                if running >= concurrency {
                    try await group.next()
                    running -= 1
                }
                group.addTask { try await work.perform(local: pair.local, remote: pair.remote) }
                running += 1
            }
            try await group.waitForAll()
        }
    }

    /// The next of two sorted lists, or both where they have the same path.
    private static func first(
        _ local: DocumentListing?, _ remote: S3ObjectSummary?, prefix: String
    ) -> (local: DocumentListing?, remote: S3ObjectSummary?) {
        guard let local, let remote else { return (local, remote) }
        let key = prefix + local.path
        if key.utf8.elementsEqual(remote.key.utf8) { return (local, remote) }
        return key.utf8.lexicographicallyPrecedes(remote.key.utf8) ? (local, nil) : (nil, remote)
    }

    private func nextFile(
        _ listing: inout FolderListing.Iterator, _ observe: Observe
    ) async throws -> DocumentListing? {
        while let found = try await listing.next() {
            guard let reason = found.skipped else { return found }
            observe(.skipped(path: found.path, reason))
        }
        return nil
    }

    private func bring(
        _ local: DocumentListing, over remote: S3ObjectSummary?, isRehearsal: Bool, observe: Observe
    ) async throws {
        // Gone since it was listed: the next push removes it.
        guard let file = try LocalFile(root + "/" + local.path) else { return }
        let plan = S3PartPlan(size: file.size)
        if let remote, remote.size == file.size, try file.etag(plan) == remote.etag {
            return observe(.unchanged(path: local.path))
        }
        if !isRehearsal {
            let key = prefix + local.path
            if plan.isSingle {
                try await client.put(.bytes(try file.read(0..<file.size)), to: key, in: bucket)
            } else {
                try await client.putParts(plan.parts, to: key, in: bucket, concurrency: 2) { range in
                    ByteBuffer(bytes: try file.read(range))
                }
            }
        }
        observe(.uploaded(path: local.path, bytes: file.size))
    }
}
