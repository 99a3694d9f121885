/// A statement and its parameters as they go over the wire.
struct Statement: Sendable {
    /// What the server prepares: the same text with other types is another one.
    struct Shape: Hashable, Sendable {
        let sql: String
        let types: [PostgresType]
    }

    let shape: Shape
    let values: [[UInt8]?]

    init(_ sql: String, _ parameters: [any PostgresValue]) throws(PostgresError) {
        shape = Shape(sql: sql, types: parameters.map { type(of: $0).postgresType })
        var values: [[UInt8]?] = []
        for parameter in parameters { values.append(try parameter.postgresBytes()) }
        self.values = values
    }
}
