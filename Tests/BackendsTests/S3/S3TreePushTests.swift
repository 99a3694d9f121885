import Backends
import Foundation
import Hearth
import S3
import ScriptedS3
import Synchronization
import Testing

@Suite("Uploading a folder")
struct S3TreePushTests {
    private func push(
        _ client: S3Client, _ root: String, _ target: String, deletes: Bool = false, isRehearsal: Bool = false
    ) async throws -> [String] {
        let steps = Mutex<[String]>([])
        try await TreePush(root: root, target: target, client: client, ignore: ["*.tmp"]).run(
            deletes: deletes, isRehearsal: isRehearsal
        ) { step in
            steps.withLock { steps in
                switch step {
                case .uploaded(let path, let bytes): steps.append("+ \(path) \(bytes)")
                case .unchanged(let path): steps.append("= \(path)")
                case .deleted(let path): steps.append("- \(path)")
                case .left(let path): steps.append("? \(path)")
                case .skipped(let path, let reason): steps.append("! \(path) \(reason)")
                }
            }
        }
        return steps.withLock { $0.sorted() }
    }

    private func write(_ text: String, _ path: String) throws {
        let file = URL(filePath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Against the real server where there is one: only it has ETags to compare with.
    @Test("new, changed, unchanged, gone and ignored", .enabled(if: S3Server.isThere))
    func compares() async throws {
        try await S3Server.withBucket { client, bucket in
            try await withTemporaryFolder { root in
                for (path, text) in [
                    (".gitignore", "*.log"), ("a b+c", "1"), ("é/ü", "2"), ("x.log", "3"), ("y.tmp", "4"),
                    ("empty", ""),
                ] { try write(text, root + "/" + path) }
                try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: "empty")
                try await client.put(.bytes([9]), to: "t2/other", in: bucket)
                let skipped = ["! link link", "! x.log ignored", "! y.tmp ignored"]
                let new = ["+ .gitignore 5", "+ a b+c 1", "+ empty 0", "+ é/ü 1"]
                #expect(try await push(client, root, "s3://\(bucket)/t", isRehearsal: true) == skipped + new)
                #expect(try await push(client, root, "s3://\(bucket)/t") == skipped + new)
                try write("X", root + "/a b+c")
                try FileManager.default.removeItem(atPath: root + "/empty")
                let changed = skipped + ["+ a b+c 1"]
                let same = ["= .gitignore", "= é/ü"]
                #expect(try await push(client, root, "s3://\(bucket)/t") == changed + same + ["? empty"])
                #expect(
                    try await push(client, root, "s3://\(bucket)/t", deletes: true)
                        == skipped + ["- empty", "= .gitignore", "= a b+c", "= é/ü"])
                #expect(try await client.head("t2/other", in: bucket).size == 1)
            }
        }
    }

    @Test("what fails is said, and what was uploaded stays")
    func failures() async throws {
        let bucket = MemoryBucket()
        try await withMemoryBucket(bucket) { client in
            try await withTemporaryFolder { root in
                try write("1", root + "/a")
                await #expect(throws: StoreError.self) { try await push(client, root, "s3://none/t") }
                #expect(throws: StoreError.self) {
                    try TreePush(root: root + "/none", target: "s3://code", client: client)
                }
                #expect(throws: StoreError.self) { try TreePush(root: root, target: "s3://code/a.zip", client: client) }
                #expect(try await push(client, root, "s3://code") == ["+ a 1"])
                #expect(bucket.requests("PUT") == 1)
            }
        }
    }

    @Test("files above the threshold go in parts and are recognised again", .enabled(if: S3Server.isThere))
    func parts() async throws {
        try await S3Server.withBucket { client, bucket in
            try await withTemporaryFolder { root in
                try Data((0..<17).flatMap { [UInt8](repeating: $0, count: 1 << 20) }).write(
                    to: URL(filePath: root + "/large"))
                #expect(try await push(client, root, "s3://\(bucket)") == ["+ large \(17 << 20)"])
                #expect(try await client.head("large", in: bucket).etag.hasSuffix("-3"))
                #expect(try await push(client, root, "s3://\(bucket)") == ["= large"])
            }
        }
    }
}
