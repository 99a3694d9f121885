/// One of several changes to aliases that come into force together.
public enum QdrantAliasChange: Sendable, Hashable, Encodable {
    case create(alias: String, collection: String)
    case delete(alias: String)
    case rename(from: String, to: String)

    private enum Kind: String, CodingKey {
        case create = "create_alias"
        case delete = "delete_alias"
        case rename = "rename_alias"
    }

    private enum Part: String, CodingKey {
        case alias = "alias_name"
        case collection = "collection_name"
        case old = "old_alias_name"
        case new = "new_alias_name"
    }

    public func encode(to encoder: any Encoder) throws {
        var kinds = encoder.container(keyedBy: Kind.self)
        switch self {
        case .create(let alias, let collection):
            var parts = kinds.nestedContainer(keyedBy: Part.self, forKey: .create)
            try parts.encode(alias, forKey: .alias)
            try parts.encode(collection, forKey: .collection)
        case .delete(let alias):
            var parts = kinds.nestedContainer(keyedBy: Part.self, forKey: .delete)
            try parts.encode(alias, forKey: .alias)
        case .rename(let old, let new):
            var parts = kinds.nestedContainer(keyedBy: Part.self, forKey: .rename)
            try parts.encode(old, forKey: .old)
            try parts.encode(new, forKey: .new)
        }
    }
}
