import FoundationEssentials
import Gateway
import HTTPTypes
import Hearth
import HearthTesting
import OpenAI
import Synchronization
import Testing

@Suite("Notifications of buckets")
struct S3HookTests {
    /// What the projects were told.
    private final class Told: Sendable {
        private let calls = Mutex<[String]>([])
        let failure = Mutex<(any Error)?>(nil)
        /// Whether a whole comparison finds nothing to compare.
        let nothing = Mutex(false)

        var all: [String] { calls.withLock { $0.sorted() } }

        func note(_ project: Project, _ paths: Set<String>?) throws -> ReconcileReport {
            if let error = failure.withLock({ $0 }) { throw error }
            if paths == nil, nothing.withLock({ $0 }) { throw StoreError.nothing(at: project.source, check: "it") }
            calls.withLock { $0.append("\(project.id) \(paths?.sorted().joined(separator: ",") ?? "*")") }
            var report = ReconcileReport(
                projectID: project.id,
                index: IndexReference(
                    projectID: project.id,
                    generation: IndexGeneration(encoder: "e", dimension: 4, chunker: "1", grammars: "1").name))
            report.changed = paths?.count ?? 1
            return report
        }
    }

    private func run(
        secret: String? = "hush", keys: KeyRing? = nil,
        _ body: @escaping @Sendable (TestGateway, Told) async throws -> Void
    ) async throws {
        var fixture = try GatewayFixture()
        fixture.settings.s3HookSecret = secret.flatMap { HookSecret($0) }
        fixture.keys = keys
        let told = Told()
        fixture.ingest = { try told.note($0, nil) }
        fixture.ingestPaths = { try told.note($0, $1) }
        for (id, source) in [
            ("code", "s3://code/src"), ("all", "s3://code"), ("tar", "s3://code/src/tree.tar.gz"),
            ("else", "s3://other/src"),
            ("disk", "/code/src"),
        ] {
            try await fixture.timeline.save(Project(id: try #require(ProjectID(rawValue: id)), source: source))
        }
        try await fixture.run { gateway in try await body(gateway, told) }
    }

    private func ceph(
        _ key: String, event: String = "ObjectCreated:Put", bucket: String = "code", opaque: String = ""
    ) -> String {
        #"{"eventVersion":"2.2","eventSource":"ceph:s3","awsRegion":"","eventTime":"2026-11-27T10:00:00.1Z","eventName":"\#(event)","s3":{"configurationId":"n1","bucket":{"name":"\#(bucket)","arn":"arn:aws:s3:::x","id":"i"},"object":{"key":"\#(key)","size":5,"eTag":"e","versionId":"","sequencer":"EB90","metadata":[],"tags":[]}},"eventId":"1","opaqueData":"\#(opaque)"}"#
    }

    private func aws(_ key: String, event: String = "ObjectCreated:Put") -> String {
        #"{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventName":"\#(event)","userIdentity":{"principalId":"x"},"s3":{"s3SchemaVersion":"1.0","bucket":{"name":"code","arn":"a"},"object":{"key":"\#(key)","size":5,"eTag":"e","sequencer":"00"}}}"#
    }

    private func records(_ records: String...) -> String { #"{"Records":[\#(records.joined(separator: ","))]}"# }

    @Test("Ceph's keys are taken as they are, AWS's decoded, with and without s3: before the event's name")
    func shapes() async throws {
        try await run { gateway, told async throws in
            let body = records(
                ceph("src/a b+c/é%25.swift"), ceph("src/gone", event: "s3:ObjectRemoved:Delete"),
                aws("src/a+b%2Bc/%C3%A9%25.swift"), aws("src/tagged", event: "ObjectTagging:Put"),
                aws("src/gone2", event: "s3:ObjectRemoved:DeleteMarkerCreated"), ceph("src2/x"),
                ceph("src/x", bucket: "unknown"))
            let reply = try await gateway.send(.post, "/v1/hooks/s3/hush", body: body)
            #expect(reply.status == 200 && reply.json["object"]?.text == "s3_hook", "\(reply.text)")
            #expect(
                told.all == [
                    "all src/a b+c/é%.swift,src/a b+c/é%25.swift,src/gone,src/gone2,src2/x",
                    "code a b+c/é%.swift,a b+c/é%25.swift,gone,gone2",
                ])
        }
    }

    @Test("an archive that changed is compared as a whole, and so is a project of which too much is said")
    func whole() async throws {
        try await run { gateway, told async throws in
            let reply = try await gateway.send(.post, "/v1/hooks/s3/hush", body: records(ceph("src/tree.tar.gz")))
            #expect(reply.status == 200)
            #expect(told.all == ["all src/tree.tar.gz", "code tree.tar.gz", "tar *"])
        }
        try await run { gateway, told async throws in
            let many = (0..<201).map { ceph("src/f\($0)") }.joined(separator: ",")
            #expect(try await gateway.send(.post, "/v1/hooks/s3/hush", body: #"{"Records":[\#(many)]}"#).status == 200)
            #expect(told.all == ["all *", "code *"])
        }
    }

    @Test("SNS's envelope, EventBridge's events and AWS's test event are understood")
    func envelopes() async throws {
        try await run { gateway, told async throws in
            let inner = records(aws("src/a")).replacing("\"", with: "\\\"")
            for body in [
                #"{"Type":"Notification","MessageId":"1","Message":"\#(inner)"}"#,
                #"{"version":"0","detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"code"},"object":{"key":"src/b c+d"}}}"#,
                #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"code"}"#, #"{"Records":[]}"#,
            ] {
                let reply = try await gateway.send(.post, "/v1/hooks/s3/hush", body: body)
                #expect(reply.status == 200, "\(reply.text)")
            }
            #expect(told.all == ["all src/a", "all src/b c+d", "code a", "code b c+d"])
        }
    }

    @Test(
        "the secret may be in the path, in a field, or in the records; a wrong one or none is 401 and nothing is done")
    func secrets() async throws {
        try await run { gateway, told async throws in
            let body = records(ceph("src/a"))
            let unknown: [(String, [String: String], String)] = [
                ("/v1/hooks/s3", [:], body), ("/v1/hooks/s3/hus", [:], body), ("/v1/hooks/s3/hush2", [:], body),
                ("/v1/hooks/s3", ["authorization": "Bearer x"], body),
                ("/v1/hooks/s3", ["x-hearth-hook-secret": ""], body),
                ("/v1/hooks/s3", [:], records(ceph("src/a", opaque: "hush"), ceph("src/a"))),
                ("/v1/hooks/s3", [:], "{"),
            ]
            for (path, headers, body) in unknown {
                let reply = try await gateway.send(.post, path, headers: headers, body: body)
                #expect(reply.status == 401 && reply.error?.code == "invalid_hook_secret", "\(path) \(headers)")
            }
            #expect(told.all.isEmpty)
            let known: [(String, [String: String], String)] = [
                ("/v1/hooks/s3", ["authorization": "Bearer hush"], body),
                ("/v1/hooks/s3", ["x-hearth-hook-secret": "hush"], body),
                ("/v1/hooks/s3", [:], records(ceph("src/a", opaque: "hush"))),
            ]
            for (path, headers, body) in known {
                #expect(try await gateway.send(.post, path, headers: headers, body: body).status == 200)
            }
            #expect(told.all.count == 6)
        }
    }

    @Test("a gateway with API keys lets notifications in by their secret alone")
    func keys() async throws {
        let path = FileManager.default.temporaryDirectory.path() + "/keys-\(CorrelationID.next()).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let ring = KeyRing(path: path)
        _ = try ring.create(name: "me")
        try await run(keys: ring) { gateway, _ async throws in
            #expect(try await gateway.send(.post, "/v1/hooks/s3/hush", body: records(ceph("src/a"))).status == 200)
            #expect(try await gateway.send(.post, "/v1/hooks/s3/no", body: records(ceph("src/a"))).status == 401)
            #expect(try await gateway.get("/v1/hooks/s3x").status == 401)
        }
    }

    @Test("without a secret in the settings there is no such route", arguments: [nil, ""])
    func closed(secret: String?) async throws {
        try await run(secret: secret) { gateway, told async throws in
            for path in ["/v1/hooks/s3", "/v1/hooks/s3/"] {
                #expect(try await gateway.send(.post, path, body: records(ceph("src/a"))).status == 404)
            }
            #expect(told.all.isEmpty)
        }
    }

    @Test(
        "what is no notification is 400",
        arguments: [
            "", "{", "[]", "{}", #"{"Records":[{}]}"#, #"{"Records":1}"#, #"{"Type":"Notification","Message":"x"}"#,
        ])
    func malformed(body: String) async throws {
        try await run { gateway, _ async throws in
            #expect(try await gateway.send(.post, "/v1/hooks/s3/hush", body: body).status == 400)
        }
    }

    @Test("a bus or a bucket that does not answer is 503, so that the notification comes again")
    func failures() async throws {
        try await run { gateway, told async throws in
            for error in [
                TaskBusError(.unreachable, "away") as any Error, StoreError(.unreachable, "away"),
                StoreError(.notFound, "none"),
            ] {
                told.failure.withLock { $0 = error }
                let reply = try await gateway.send(.post, "/v1/hooks/s3/hush", body: records(ceph("src/a")))
                #expect(reply.status == 503, "\(reply.text)")
            }
        }
    }

    @Test(
        "of a source in which nothing is left the named paths are looked up; a deleted archive is not asked for again")
    func emptied() async throws {
        try await run { gateway, told async throws in
            told.nothing.withLock { $0 = true }
            let many = (0..<201).map { ceph("src/f\($0)", event: "ObjectRemoved:Delete") }.joined(separator: ",")
            let reply = try await gateway.send(.post, "/v1/hooks/s3/hush", body: #"{"Records":[\#(many)]}"#)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(told.all.count == 2 && told.all.allSatisfy { $0.contains("f0,") && $0.contains("f200") })
            let deleted = records(ceph("src/tree.tar.gz", event: "ObjectRemoved:Delete"))
            #expect(try await gateway.send(.post, "/v1/hooks/s3/hush", body: deleted).status == 200)
            #expect(told.all.filter { $0.hasPrefix("tar") }.isEmpty)
        }
    }

    @Test("the secret shows in no description of the settings")
    func hidden() throws {
        let secret = try #require(HookSecret("hush"))
        let settings = GatewaySettings(s3HookSecret: secret)
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings)\(String(reflecting: settings))\(dumped)".contains("hush"))
    }

    @Test("a bucket that no project knows is 200 with nothing done")
    func unknownBucket() async throws {
        try await run { gateway, told async throws in
            let reply = try await gateway.send(.post, "/v1/hooks/s3/hush", body: records(ceph("a", bucket: "strange")))
            #expect(reply.status == 200 && told.all.isEmpty)
        }
    }
}
