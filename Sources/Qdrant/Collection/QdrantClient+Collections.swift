import NIOHTTP1

extension QdrantClient {
    /// The names of all collections.
    public func collections() async throws -> [String] {
        struct List: Decodable {
            struct Entry: Decodable { let name: String }
            let collections: [Entry]
        }
        let list: List = try await connection.call(.GET, "/collections")
        return list.collections.map(\.name)
    }

    /// Whether there is a collection, or an alias, of that name.
    public func hasCollection(_ name: String) async throws -> Bool {
        struct Answer: Decodable { let exists: Bool }
        let answer: Answer = try await connection.call(.GET, path(name, "/exists"))
        return answer.exists
    }

    /// What the server says of a collection. Throws `notFound`.
    public func collection(_ name: String) async throws -> QdrantCollectionInfo {
        try await connection.call(.GET, path(name))
    }

    /// Makes a collection. Throws `alreadyExists` or, on older servers, `invalid` if there is one.
    public func createCollection(_ name: String, _ settings: QdrantCollectionSettings) async throws {
        let _: Bool = try await connection.call(
            .PUT, path(name), [("timeout", connection.timeoutSeconds)], try connection.encoded(settings))
    }

    /// Changes when the server makes indexes, for example to load much at once.
    public func setOptimizers(_ settings: QdrantOptimizerSettings, of name: String) async throws {
        let _: Bool = try await connection.call(
            .PATCH, path(name), [], try connection.encoded(["optimizers_config": settings]))
    }

    /// Removes a collection, its points and its aliases; one that is not there is no error.
    public func deleteCollection(_ name: String) async throws {
        let _: Bool = try await connection.call(.DELETE, path(name), [("timeout", connection.timeoutSeconds)])
    }

    /// Indexes a field of the payload; before points are written, so that the graph knows of it.
    public func createIndex(of field: String, _ index: QdrantFieldIndex, in collection: String) async throws {
        struct Body: Encodable {
            let field_name: String
            let field_schema: QdrantFieldIndex
        }
        let body = try connection.encoded(Body(field_name: field, field_schema: index))
        try await write(.PUT, path(collection, "/index"), body)
    }

    /// The collection behind each alias.
    public func aliases() async throws -> [String: String] {
        struct List: Decodable {
            struct Entry: Decodable {
                let alias_name: String
                let collection_name: String
            }
            let aliases: [Entry]
        }
        let list: List = try await connection.call(.GET, "/aliases")
        return Dictionary(list.aliases.map { ($0.alias_name, $0.collection_name) }, uniquingKeysWith: { $1 })
    }

    /// Changes aliases: readers see all of the changes or none. Throws `notFound` if a collection is not there.
    public func changeAliases(_ changes: [QdrantAliasChange]) async throws {
        let _: Bool = try await connection.call(
            .POST, "/collections/aliases", [], try connection.encoded(["actions": changes]))
    }
}
