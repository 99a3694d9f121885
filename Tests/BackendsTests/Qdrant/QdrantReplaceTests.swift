import AsyncHTTPClient
import Backends
import Foundation
import HTTPPeer
import Hearth
import HearthTesting
import NIOCore
import NIOHTTP1
import Qdrant
import Testing

/// A document is what it was or what it became, whatever happens between.
@Suite("Replacing in Qdrant", .enabled(if: QdrantTestIndex.url != nil), .timeLimit(.minutes(10)))
struct QdrantReplaceTests {
    private let project = ProjectID.suggested(for: "sample")
    private let encoder = HashedWordEncoder(dimension: 32)
    private let generation = IndexGeneration(encoder: "hashed-words", dimension: 32, chunker: "c1", grammars: "g1")
    private let old = SampleDocument(
        path: "a.swift", version: "old", texts: ["shared before", "shared first", "shared"])
    private let new = SampleDocument(path: "a.swift", version: "new", texts: ["shared after", "shared second"])

    /// What a reader sees of the document: the versions of the passages, and how many there are.
    private func seen(_ index: QdrantPassageIndex, _ reference: IndexReference) async throws -> [[String: Int]] {
        let vector = try await encoder.encode(question: "shared").vector
        let found = try await index.search(PassageQuery(text: "shared", vector: vector), in: reference)
        let listed = try await index.passages(of: "a.swift", in: reference)
        return [found.lexical.map(\.passage), found.dense.map(\.passage), listed].map { passages in
            passages.reduce(into: [:]) { $0[$1.documentVersion, default: 0] += 1 }
        }
    }

    private enum Failure: CaseIterable {
        /// The request does not arrive.
        case lost
        /// It does, and the answer does not.
        case unanswered
    }

    /// Passes requests on until one fails, and none after it: as if the writer ended there.
    private func withWriter(
        endingAt request: Int, _ failure: Failure, prefix: String,
        _ body: @escaping @Sendable (QdrantPassageIndex) async throws -> Void
    ) async throws -> Int {
        let url = try #require(QdrantTestIndex.url)
        let log = RequestLog()
        try await QdrantTestIndex.withHTTP { upstream in
            try await HTTPPeer.withPeer { incoming in
                log.add(incoming)
                let number = log.all.count
                if number > request || number == request && failure == .lost { return .hangUp }
                let answer = await Self.forward(incoming, to: url, upstream)
                return number == request ? .hangUp : answer
            } _: { peer in
                try await QdrantTestIndex.withHTTP { http in
                    let once = QdrantRetryPolicy(attempts: 1)
                    try await body(QdrantTestIndex.make(peer.url, prefix: prefix, http, retry: once).index)
                }
            }
        }
        return log.all.count
    }

    private static func forward(_ incoming: HTTPPeer.Request, to url: String, _ http: HTTPClient) async
        -> HTTPPeer.Reply
    {
        var request = HTTPClientRequest(url: url + incoming.target)
        request.method = .init(rawValue: incoming.method)
        for name in ["content-type", "api-key"] {
            if let value = incoming.header(name) { request.headers.add(name: name, value: value) }
        }
        if !incoming.body.isEmpty { request.body = .bytes(ByteBuffer(string: incoming.body)) }
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            let body = try await response.body.collect(upTo: 64 << 20)
            return .answer(Int(response.status.code), String(buffer: body))
        } catch {
            return .hangUp
        }
    }

    @Test(
        "a writer that ends at any step leaves the document whole, and the next one tidies up",
        arguments: [true, false])
    func ends(unanswered: Bool) async throws {
        let failure: Failure = unanswered ? .unanswered : .lost
        try await QdrantTestIndex.with { test in
            let reference = try await test.index.prepare(generation, of: #require(project))
            var outcomes: Set<String> = []
            var step = 1
            while true {
                try await test.index.replace(old.row, with: old.passages(encoder), in: reference)
                #expect(try await test.storedPassages(reference) == 3)
                let passages = try await new.passages(encoder)
                let requests = try await withWriter(endingAt: step, failure, prefix: test.prefix) { writer in
                    do { try await writer.replace(new.row, with: passages, in: reference) } catch let error
                        as StoreError
                    {
                        #expect(error.isRetriable)
                    }
                }
                let seen = try await seen(test.index, reference)
                let isWhole = seen.allSatisfy { $0 == ["old": 3] } || seen.allSatisfy { $0 == ["new": 2] }
                #expect(isWhole, "step \(step): \(seen)")
                outcomes.formUnion(seen.flatMap(\.keys))
                if step % 2 == 0 {
                    try await test.index.remove(["a.swift"], from: reference)
                    #expect(try await test.storedPassages(reference) == 0)
                }
                if requests < step { break }
                step += 1
            }
            #expect(outcomes == ["old", "new"] && step > 5)
        }
    }

    @Test("a reader never sees two versions together, nor none, while they change")
    func changes() async throws {
        try await QdrantTestIndex.with { test in
            let reference = try await test.index.prepare(generation, of: #require(project))
            let versions = [(old, try await old.passages(encoder)), (new, try await new.passages(encoder))]
            try await test.index.replace(old.row, with: versions[0].1, in: reference)
            try await withThrowingTaskGroup(of: Int?.self) { group in
                group.addTask {
                    for round in 1...40 {
                        let (document, passages) = versions[round % 2]
                        try await test.index.replace(document.row, with: passages, in: reference)
                    }
                    return nil
                }
                for _ in 0..<2 {
                    group.addTask {
                        var looks = 0
                        while !Task.isCancelled {
                            for view in try await seen(test.index, reference) {
                                #expect(view == ["old": 3] || view == ["new": 2])
                            }
                            looks += 1
                        }
                        return looks
                    }
                }
                while let finished = try await group.next() {
                    if finished == nil { break }
                }
                group.cancelAll()
                do {
                    while let looks = try await group.next() { #expect((looks ?? 0) > 3) }
                } catch is CancellationError {}
            }
        }
    }

    @Test("two writers of one document leave one of the versions, whole")
    func writers() async throws {
        try await QdrantTestIndex.with { test in
            let reference = try await test.index.prepare(generation, of: #require(project))
            let versions = [(old, try await old.passages(encoder)), (new, try await new.passages(encoder))]
            for _ in 0..<30 {
                await withTaskGroup(of: Void.self) { group in
                    for (document, passages) in versions {
                        // One of them may be told to try again.
                        group.addTask {
                            try? await test.index.replace(document.row, with: passages, in: reference)
                        }
                    }
                }
                let seen = try await seen(test.index, reference)
                #expect(seen.allSatisfy { $0 == ["old": 3] } || seen.allSatisfy { $0 == ["new": 2] }, "\(seen)")
            }
        }
    }

    @Test("an activation is not stopped by what a writer left that nobody sees")
    func leftovers() async throws {
        try await QdrantTestIndex.with { test in
            let reference = try await test.index.prepare(generation, of: #require(project))
            let passages = try await new.passages(encoder)
            // The generation, the document's revisions, its passages: and then nothing more.
            _ = try await withWriter(endingAt: 3, .unanswered, prefix: test.prefix) { writer in
                await #expect(throws: StoreError.self) {
                    try await writer.replace(new.row, with: passages, in: reference)
                }
            }
            #expect(try await test.storedPassages(reference) == 2)
            #expect(try await test.index.statistics(of: reference) == IndexStatistics())
            #expect(try await seen(test.index, reference) == [[:], [:], [:]])
            try await test.index.activate(reference)
            #expect(try await test.index.active(of: #require(project)) == reference)
            // It may still be under way: only what is old is taken for left.
            try await test.index.dropGenerations(of: #require(project), except: reference)
            #expect(try await test.storedPassages(reference) == 2)
            let collection = "\(test.prefix)~\(reference.projectID)~\(reference.generation)"
            try await age(collection, test.client)
            try await test.index.dropGenerations(of: #require(project), except: reference)
            #expect(try await test.storedPassages(reference) == 0)
        }
    }

    /// Makes all passages two hours older.
    private func age(_ collection: String, _ client: QdrantClient) async throws {
        struct Payload: Codable, Sendable {
            let kind: String
            let project: String
            let path: String
            let revision: String
            var written: Int
        }
        let records: [QdrantRecord<Payload>] = try await client.all(
            in: collection, filter: QdrantFilter(must: [.equals("kind", "passage")]))
        let older = records.map { record in
            var payload = record.payload
            payload.written -= 7_200
            return QdrantPoint(id: record.id, payload: payload)
        }
        try await client.upsert(older, into: collection)
    }
}
