import Foundation
import Testing

@testable import Qdrant

@Suite("Qdrant's JSON")
struct QdrantWireTests {
    private func expect(_ value: some Encodable, is json: String, _ location: SourceLocation = #_sourceLocation) throws
    {
        let written = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? NSObject
        let wanted = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSObject
        #expect(written == wanted, sourceLocation: location)
    }

    private func read<Value: Decodable>(_ json: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }

    @Test("a collection has named dense and sparse vectors and says only what was chosen")
    func collection() throws {
        try expect(
            QdrantCollectionSettings(
                vectors: ["dense": QdrantVectorSettings(size: 384, onDisk: false)],
                sparseVectors: ["bm25": QdrantSparseVectorSettings(modifier: .idf)],
                hnsw: QdrantGraphSettings(links: 16, constructionEffort: 100, payloadLinks: 16),
                quantization: .scalar(), optimizers: QdrantOptimizerSettings(indexingThreshold: 0),
                onDiskPayload: true, shards: 1, replicas: 3, writeConsistency: 2),
            is: """
                {"vectors": {"dense": {"size": 384, "distance": "Cosine", "on_disk": false}},
                 "sparse_vectors": {"bm25": {"modifier": "idf"}},
                 "hnsw_config": {"m": 16, "ef_construct": 100, "payload_m": 16},
                 "quantization_config": {"scalar": {"type": "int8", "quantile": 0.99, "always_ram": true}},
                 "optimizers_config": {"indexing_threshold": 0}, "on_disk_payload": true,
                 "shard_number": 1, "replication_factor": 3, "write_consistency_factor": 2}
                """)
        try expect(
            QdrantCollectionSettings(vectors: ["d": QdrantVectorSettings(size: 4, distance: .dot)]),
            is: #"{"vectors": {"d": {"size": 4, "distance": "Dot"}}, "sparse_vectors": {}}"#)
        try expect(QdrantQuantization.binary(), is: #"{"binary": {"always_ram": true}}"#)
        try expect([QdrantFieldIndex.keyword, .integer], is: #"["keyword", "integer"]"#)
        try expect(QdrantFieldIndex.tenant, is: #"{"type": "keyword", "is_tenant": true}"#)
    }

    @Test("changes to aliases are one list")
    func aliases() throws {
        try expect(
            [
                QdrantAliasChange.delete(alias: "a"), .create(alias: "a", collection: "c"),
                .rename(from: "a", to: "b"),
            ],
            is: """
                [{"delete_alias": {"alias_name": "a"}},
                 {"create_alias": {"alias_name": "a", "collection_name": "c"}},
                 {"rename_alias": {"old_alias_name": "a", "new_alias_name": "b"}}]
                """)
    }

    @Test("a point has an id, a payload and vectors by name")
    func point() throws {
        let vectors = QdrantVectors(dense: ["dense": [0.5, 1]], sparse: ["bm25": QdrantSparseVector([9: 2, 3: 1])])
        try expect(
            QdrantPoint(id: .number(7), payload: ["path": "a"], vectors: vectors),
            is: """
                {"id": 7, "payload": {"path": "a"},
                 "vector": {"dense": [0.5, 1], "bm25": {"indices": [3, 9], "values": [1, 2]}}}
                """)
        let record: QdrantRecord<[String: String]> = try read(
            #"{"id": "a-b", "version": 3, "score": 0.5, "payload": {"path": "a"}, "#
                + #""vector": {"dense": [0.5, 1], "bm25": {"indices": [3, 9], "values": [1, 2]}}}"#)
        #expect(record.id == .uuid("a-b") && record.score == 0.5 && record.vectors == vectors)
    }

    @Test("the id of a hash is a UUID, the same for the same bytes")
    func identifiers() throws {
        let id = QdrantPointID(hash: [UInt8](0..<32))
        #expect(id == .uuid("00010203-0405-8607-8809-0a0b0c0d0e0f"))
        #expect(QdrantPointID(hash: [255]) == .uuid("ff000000-0000-8000-8000-000000000000"))
        #expect(try read("[18446744073709551615]", as: [QdrantPointID].self) == [.number(.max)])
    }

    @Test("filters nest, and leave out what is empty")
    func filters() throws {
        let filter = QdrantFilter(
            must: [.equals("project", "p"), .matches(QdrantFilter(should: [.isAnyOf("path", ["a", "b"])]))],
            mustNot: [.isEmpty("x"), .isBelow("at", 5), .isAtLeast("at", 1), .hasID([.number(1)])])
        try expect(
            filter,
            is: """
                {"must": [{"key": "project", "match": {"value": "p"}},
                          {"should": [{"key": "path", "match": {"any": ["a", "b"]}}]}],
                 "must_not": [{"is_empty": {"key": "x"}}, {"key": "at", "range": {"lt": 5}},
                              {"key": "at", "range": {"gte": 1}}, {"has_id": [1]}]}
                """)
        try expect(QdrantFilter(), is: "{}")
    }

    @Test("a hybrid query has the filter in every list and asks each for enough")
    func hybrid() throws {
        let filter = QdrantFilter(must: [.equals("project", "p")])
        let narrow = QdrantFilter(must: [.equals("language", "swift")])
        let search = QdrantSearch.hybrid(
            [
                QdrantPrefetch(
                    .dense([1, 0]), using: "dense",
                    parameters: QdrantSearchParameters(
                        effort: 128, quantized: .init(rescore: true, oversampling: 2)), limit: 50),
                QdrantPrefetch(.sparse(QdrantSparseVector([17: 1])), using: "bm25", filter: narrow, limit: 5),
            ], fusion: .reciprocalRank(constant: 60), filter: filter, limit: 10, payload: .only(["path"]))
        try expect(
            search,
            is: """
                {"prefetch": [
                    {"query": [1, 0], "using": "dense", "limit": 50,
                     "filter": {"must": [{"key": "project", "match": {"value": "p"}}]},
                     "params": {"hnsw_ef": 128, "quantization": {"rescore": true, "oversampling": 2}}},
                    {"query": {"indices": [17], "values": [1]}, "using": "bm25", "limit": 10,
                     "filter": {"must": [{"must": [{"key": "project", "match": {"value": "p"}}]},
                                         {"must": [{"key": "language", "match": {"value": "swift"}}]}]}}],
                 "query": {"rrf": {"k": 60}}, "limit": 10, "with_payload": ["path"],
                 "filter": {"must": [{"key": "project", "match": {"value": "p"}}]}}
                """)
    }

    @Test("a fusion is written in the words of the oldest server that does it")
    func fusion() throws {
        try expect(QdrantFusion.reciprocalRank(), is: #"{"fusion": "rrf"}"#)
        try expect(QdrantFusion.distribution, is: #"{"fusion": "dbsf"}"#)
        try expect(
            QdrantFusion.reciprocalRank(constant: 10, weights: [1, 2]), is: #"{"rrf": {"k": 10, "weights": [1, 2]}}"#)
        #expect(QdrantFusion.reciprocalRank().since == .query)
        #expect(QdrantFusion.reciprocalRank(constant: 10).since == .fusionConstant)
        #expect(QdrantFusion.reciprocalRank(weights: [1]).since == .fusionWeights)
    }

    @Test("a collection's description gives the dimension of each vector")
    func info() throws {
        let info: QdrantCollectionInfo = try read(
            """
            {"status": "green", "optimizer_status": "ok", "points_count": 4, "indexed_vectors_count": 3, "segments_count": 2,
             "config": {"params": {"vectors": {"dense": {"size": 4096, "distance": "Cosine"}}}, "hnsw_config": {}}}
            """)
        #expect(info.vectors["dense"]?.size == 4096 && info.points == 4 && info.indexedVectors == 3)
    }

    @Test("a version is three numbers, whatever follows")
    func version() {
        #expect(QdrantVersion("1.19.0") == QdrantVersion(1, 19))
        #expect(QdrantVersion("1.12.4-dev+x") == QdrantVersion(1, 12, 4))
        #expect(QdrantVersion("1.9") == nil && QdrantVersion("") == nil && QdrantVersion("a.b.c") == nil)
        #expect(QdrantVersion(1, 9, 7) < .query && QdrantVersion(2, 0) > .fusionWeights)
    }

    @Test("a name is one segment of a path, whatever is in it")
    func path() {
        #expect(PathSegment.encoded("a~b-c_d.9") == "a~b-c_d.9")
        #expect(PathSegment.encoded("a/b ü\n") == "a%2Fb%20%C3%BC%0A")
    }
}
