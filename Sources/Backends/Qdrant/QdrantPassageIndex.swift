public import Hearth
import LocalIndex
public import Qdrant
import Synchronization

/// Passages in a Qdrant: one collection a project and generation, and an alias a project that names the one that is
/// searched.
///
/// The manifest's rows are points of the same collection, without vectors. A row names the revision of its document; the
/// passages of other revisions are nobody's, wherever they come from: a write that is under way, or one that broke off.
/// So one write, that of the row, changes a document for all readers at once.
public final class QdrantPassageIndex: PassageIndex {
    let client: QdrantClient
    let settings: QdrantIndexSettings
    let names: QdrantIndexNames
    let terms: TermWeights
    /// Generations that this process has seen ready. A name stands for one generation only.
    private let known = Mutex<[IndexReference: IndexGeneration]>([:])

    /// - Throws: ``StoreError`` with code `invalid` if the prefix cannot be a part of a name.
    public init(client: QdrantClient, settings: QdrantIndexSettings = QdrantIndexSettings()) throws(StoreError) {
        let isPlain = settings.prefix.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...64).contains(settings.prefix.utf8.count) else {
            throw StoreError(
                .invalid, "'\(settings.prefix)' cannot begin a collection's name. Use letters, digits, - and _.")
        }
        self.client = client
        self.settings = settings
        names = QdrantIndexNames(prefix: settings.prefix)
        terms = TermWeights(averageLength: settings.averageTerms)
    }

    public func prepare(_ generation: IndexGeneration, of project: ProjectID) async throws -> IndexReference {
        let index = IndexReference(projectID: project, generation: generation.name)
        return try await translatingQdrant {
            let found = try await read(generationOf: index)
            if found == nil { try await make(generation, index) }
            if found == nil || !isKnown(index) {
                try await check(generation.dimension, of: names.collection(of: index))
            }
            remember(generation, as: index)
            return index
        }
    }

    /// What the generation was made with. Throws `notFound` if there is no such index.
    public func generation(of index: IndexReference) async throws -> IndexGeneration {
        let found = try await translatingQdrant { try await read(generationOf: index) }
        guard let found else {
            throw StoreError(
                .notFound,
                "The index \(index.generation) of project '\(index.projectID)' is not in the Qdrant. "
                    + "Ingest the project again.")
        }
        remember(found, as: index)
        return found
    }

    public func indexes(encodedLike generation: IndexGeneration) async throws -> [IndexReference] {
        try await translatingQdrant {
            var indexes: [IndexReference] = []
            for collection in try await client.collections() {
                guard let index = names.index(in: collection) else { continue }
                let found = known.withLock { $0[index] }
                let other = if let found { found } else { try await read(generationOf: index) }
                guard let other, other.isEncoded(like: generation) else { continue }
                remember(other, as: index)
                indexes.append(index)
            }
            return indexes
        }
    }

    public func active(of project: ProjectID) async throws -> IndexReference? {
        try await translatingQdrant {
            guard let collection = try await client.aliases()[names.alias(of: project)],
                let generation = names.generation(in: collection, of: project)
            else { return nil }
            return IndexReference(projectID: project, generation: generation)
        }
    }

    public func dropGenerations(of project: ProjectID, except kept: IndexReference?) async throws {
        try await translatingQdrant {
            let keptCollection = kept.map { names.collection(of: $0) }
            let alias = names.alias(of: project)
            // First, or the project would for a moment be searched in a collection that is no more.
            if let searched = try await client.aliases()[alias], searched != keptCollection {
                try await client.changeAliases([.delete(alias: alias)])
            }
            for collection in try await client.collections() where collection != keptCollection {
                guard let generation = names.generation(in: collection, of: project) else { continue }
                try await client.deleteCollection(collection)
                forget(IndexReference(projectID: project, generation: generation))
            }
            if let kept { try await removeLeftovers(of: kept) }
        }
    }

    /// What vectors of the index have to have.
    func dimension(of index: IndexReference) async throws -> Int {
        if let generation = known.withLock({ $0[index] }) { return generation.dimension }
        return try await generation(of: index).dimension
    }

    private func isKnown(_ index: IndexReference) -> Bool { known.withLock { $0[index] != nil } }

    private func remember(_ generation: IndexGeneration, as index: IndexReference) {
        known.withLock { $0[index] = generation }
    }

    private func forget(_ index: IndexReference) { known.withLock { $0[index] = nil } }

    /// `nil` if the collection is not there or was not made ready.
    private func read(generationOf index: IndexReference) async throws -> IndexGeneration? {
        do {
            let found: [QdrantRecord<GenerationPayload>] = try await client.points(
                [QdrantIndexNames.generationPoint], in: names.collection(of: index))
            return found.first?.payload.generation
        } catch let error as QdrantError where error.code == .notFound {
            forget(index)
            return nil
        }
    }

    /// Several may do this at the same time, and each may end in the middle: every step may be done again.
    private func make(_ generation: IndexGeneration, _ index: IndexReference) async throws {
        try await client.require(.query, for: "An index in Qdrant")
        let collection = names.collection(of: index)
        do {
            try await client.createCollection(collection, settings.collection(dimension: generation.dimension))
        } catch let error as QdrantError where error.code == .alreadyExists || error.code == .invalid {
            guard try await client.hasCollection(collection) else { throw error }
        }
        try await check(generation.dimension, of: collection)
        let knowsTenants = try await client.version() >= .tenantIndex
        try await client.createIndex(of: PointField.project, knowsTenants ? .tenant : .keyword, in: collection)
        for field in [
            PointField.kind, PointField.path, PointField.folders, PointField.language, PointField.revision,
            PointField.hash, PointField.vectors,
        ] {
            try await client.createIndex(of: field, .keyword, in: collection)
        }
        let payload = GenerationPayload(project: index.projectID.rawValue, generation: generation)
        try await client.upsert(
            [QdrantPoint(id: QdrantIndexNames.generationPoint, payload: payload)], into: collection)
    }

    private func check(_ dimension: Int, of collection: String) async throws {
        let found = try await client.collection(collection).vectors[PassageVector.dense]?.size
        guard found == dimension else {
            throw StoreError(
                .conflict,
                "The collection '\(collection)' holds vectors of \(found.map(String.init) ?? "no") dimensions, not "
                    + "\(dimension). Delete it and ingest again.")
        }
    }
}
