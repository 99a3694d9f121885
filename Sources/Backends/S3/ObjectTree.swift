import Hearth
import S3

/// The objects below a folder of a bucket, as documents.
struct ObjectTree: Sendable {
    private static let longestIgnoreFile = 1 << 20

    let client: S3Client
    let bucket: String
    /// Empty, or with `/` at its end.
    let prefix: String
    let settings: ProjectSettings
    let memory: S3StoreMemory

    var location: String { "s3://\(bucket)/\(prefix)" }

    /// The document as it is now; `nil` if it is gone.
    func read(_ path: String, limit: Int) async throws -> Document? {
        do {
            let object = try await client.get(prefix + path, in: bucket)
            guard object.head.size <= limit else {
                throw StoreError(.tooLarge, "The object \(path) is larger than the limit of \(limit) bytes.")
            }
            let bytes = try await object.bytes(limit: limit)
            let version = ObjectVersion(
                versionID: object.head.versionID, etag: object.head.etag, sha256: Digest.sha256(bytes))
            return Document(path: path, tag: object.head.etag, version: "\(version)", bytes: bytes)
        } catch let error as S3Error where error.code == .noSuchKey {
            return nil
        }
    }

    /// What the listing says of some paths, without one: a HEAD each, and the ignore files on the way to them.
    func listings(of paths: Set<String>) async throws -> [DocumentListing] {
        var walk = IgnoreWalk(settings: settings)
        var texts: [String: [String]] = [:]
        var found: [DocumentListing] = []
        for path in paths.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            for folder in Self.folders(of: path) where texts[folder] == nil {
                texts[folder] = try await ignoreTexts(in: folder)
            }
            do {
                let head = try await client.head(prefix + path, in: bucket)
                let object = S3ObjectSummary(key: prefix + path, size: head.size, etag: head.etag)
                if let listing = listing(object, path: path, walk: &walk, texts: { texts[$0] ?? [] }) {
                    found.append(listing)
                }
            } catch let error as S3Error where error.code == .noSuchKey {
                // HEAD does not tell a missing key from a missing bucket, and only the first may delete anything.
                guard try await client.bucketExists(bucket) else {
                    throw StoreError(.notFound, "There is no bucket \(bucket). Check the project's source.")
                }
            }
        }
        return found
    }

    /// The document that an object stands for; `nil` for folder markers and for what lies in an ignored folder.
    func listing(
        _ object: S3ObjectSummary,
        path: String,
        walk: inout IgnoreWalk,
        texts: (String) -> [String]
    ) -> DocumentListing? {
        // Consoles make an empty object for each folder.
        guard !path.isEmpty, !path.hasSuffix("/") else { return nil }
        func listing(_ reason: SkipReason?) -> DocumentListing {
            DocumentListing(path: path, size: object.size, tag: object.etag, skipped: reason)
        }
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return listing(.unreadable) }
        switch walk.verdict(on: path, texts: texts) {
        case .insideIgnoredFolder: return nil
        case .ignored: return listing(.ignored)
        case .kept: return listing(object.size > settings.maximumDocumentBytes ? .tooLarge : nil)
        }
    }

    /// The ignore files of a folder, looked up by name.
    func ignoreTexts(in folder: String) async throws -> [String] {
        var texts: [String] = []
        for name in IgnoreRules.fileNames {
            do {
                let object = try await client.get(prefix + folder + name, in: bucket)
                texts.append(try await text(of: object))
            } catch let error as S3Error where error.code == .noSuchKey {
                continue
            }
        }
        return texts
    }

    /// An ignore file that the listing has; `nil` if it went meanwhile.
    func ignoreText(_ object: S3ObjectSummary) async throws -> String? {
        let place = "\(bucket)/\(object.key)"
        if let known = memory.ignoreText(place, etag: object.etag) { return known }
        do {
            let found = try await client.get(object.key, in: bucket)
            let text = try await text(of: found)
            memory.keepIgnoreText(text, of: place, etag: found.head.etag)
            return text
        } catch let error as S3Error where error.code == .noSuchKey {
            return nil
        }
    }

    private func text(of object: S3Object) async throws -> String {
        guard object.head.size <= Self.longestIgnoreFile else { return "" }
        return String(decoding: try await object.bytes(limit: Self.longestIgnoreFile), as: UTF8.self)
    }

    /// The root and every folder on the way to a path, with `/` at their ends.
    static func folders(of path: String) -> [String] {
        var folders = [""]
        for (index, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") {
            folders.append(String(decoding: path.utf8.prefix(index + 1), as: UTF8.self))
        }
        return folders
    }
}
