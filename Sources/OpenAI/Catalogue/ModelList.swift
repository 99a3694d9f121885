/// The reply of `GET /v1/models`.
public struct ModelList: Hashable, Sendable, Codable {
    /// A model that can be asked.
    public struct Model: Hashable, Sendable, Codable {
        public var id: String
        /// Always `model`.
        public var object: String
        /// Seconds since 1970.
        public var created: Int
        public var ownedBy: String

        public init(id: String, created: Int, ownedBy: String) {
            self.id = id
            object = "model"
            self.created = created
            self.ownedBy = ownedBy
        }

        enum CodingKeys: String, CodingKey {
            case id, object, created
            case ownedBy = "owned_by"
        }
    }

    /// Always `list`.
    public var object: String
    public var data: [Model]

    public init(_ data: [Model]) {
        object = "list"
        self.data = data
    }
}
