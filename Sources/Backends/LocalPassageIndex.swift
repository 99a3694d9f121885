import FoundationEssentials
public import Hearth
import LocalIndex

/// Passages in folders of this machine: one folder a project, one below it a generation, and a file that names the
/// generation that is searched.
public actor LocalPassageIndex: PassageIndex {
    private let root: String
    private let settings: LocalIndexSettings
    private var opened: [IndexReference: LocalIndex] = [:]
    /// Passages written since the index was last compacted.
    private var written: [IndexReference: Int] = [:]

    /// - Parameters:
    ///   - root: the folder that holds all indexes; it is made if it is missing.
    ///   - fsync: whether a commit waits for the disk.
    public init(root: String, fsync: Bool) {
        self.root = root
        settings = LocalIndexSettings(fsync: fsync)
    }

    public func prepare(_ generation: IndexGeneration, of project: ProjectID) async throws -> IndexReference {
        let reference = IndexReference(projectID: project, generation: generation.name)
        if opened[reference] == nil {
            let folder = folder(of: reference)
            try makeFolder(folder)
            opened[reference] = try await translating {
                try LocalIndex.open(directory: folder, dimension: generation.dimension, settings: settings)
            }
            try writeDescription(of: generation, in: folder)
        }
        return reference
    }

    public func activate(_ index: IndexReference) async throws {
        try replaceFile(activeFile(of: index.projectID), with: index.generation.rawValue)
    }

    public func active(of project: ProjectID) async throws -> IndexReference? {
        guard let data = FileManager.default.contents(atPath: activeFile(of: project)),
            let name = IndexGeneration.Name(rawValue: String(decoding: data, as: UTF8.self).trimmingWhitespace())
        else { return nil }
        let reference = IndexReference(projectID: project, generation: name)
        guard FileManager.default.fileExists(atPath: folder(of: reference)) else { return nil }
        return reference
    }

    public func indexes(encodedLike generation: IndexGeneration) async throws -> [IndexReference] {
        names(in: root).compactMap { ProjectID(rawValue: $0) }.flatMap { project in
            names(in: folder(of: project)).compactMap { IndexGeneration.Name(rawValue: $0) }.map {
                IndexReference(projectID: project, generation: $0)
            }
        }.filter { readDescription(in: folder(of: $0))?.isEncoded(like: generation) == true }
    }

    public func generation(of index: IndexReference) async throws -> IndexGeneration {
        guard let generation = readDescription(in: folder(of: index)) else { throw Self.missing(index) }
        return generation
    }

    public func dropGenerations(of project: ProjectID, except kept: IndexReference?) async throws {
        let folder = folder(of: project)
        for name in names(in: folder) where name != "active" && name != kept?.generation.rawValue {
            if let generation = IndexGeneration.Name(rawValue: name) {
                opened[IndexReference(projectID: project, generation: generation)] = nil
            }
            try remove(folder + "/" + name)
        }
        if let kept { try await compact(kept) } else { try remove(folder) }
    }

    /// Worth its time after many changes, or when much of what is on disk is dead.
    private func compact(_ index: IndexReference) async throws {
        let local = try await open(index)
        do {
            try await translating {
                let dead = try await local.statistics().deadShare
                guard written[index, default: 0] > 2000 || dead > 0.3 else { return }
                written[index] = 0
                try await local.compact()
            }
        } catch let error as StoreError where error.code == .full {
            // The index is right as it is; tidying it needs room that there is not.
        }
    }

    public func replace(
        _ document: IndexedDocument,
        with passages: [IndexedPassage],
        in index: IndexReference
    ) async throws {
        let local = try await open(index)
        let record = try LocalIndex.DocumentRecord(document)
        try await translating {
            try await local.replace(
                document: record, entries: passages.map { LocalIndex.Entry($0.passage) },
                vectors: passages.map { $0.vector ?? [] }, keys: passages.map(\.nameKeys))
        }
        written[index, default: 0] += passages.count
    }

    public func remove(_ paths: [String], from index: IndexReference) async throws {
        let local = try await open(index)
        try await translating { try await local.remove(documents: paths) }
    }

    public func documents(in index: IndexReference) async throws -> [IndexedDocument] {
        let local = try await open(index)
        return try await translating { try await local.documents() }.map { try IndexedDocument($0) }
    }

    public func document(_ path: String, in index: IndexReference) async throws -> IndexedDocument? {
        let local = try await open(index)
        return try await translating { try await local.document(path) }.map { try IndexedDocument($0) }
    }

    public func vectors(for hashes: [String], in index: IndexReference) async throws -> [String: [Float]] {
        let local = try await open(index)
        return try await translating { try await local.vectors(forHashes: hashes) }
    }

    public func statistics(of index: IndexReference) async throws -> IndexStatistics {
        let local = try await open(index)
        let statistics = try await translating { try await local.statistics() }
        return IndexStatistics(
            documents: statistics.documents, passages: statistics.entries, unembedded: statistics.unembedded,
            bytes: statistics.bytes)
    }

    public func search(_ query: PassageQuery, in index: IndexReference) async throws -> PassageCandidates {
        let local = try await open(index)
        let filter = LocalIndex.Filter(pathPrefix: query.filter.pathPrefix, languages: query.filter.languages)
        return try await Self.search(query, filter: filter, in: local)
    }

    public func passages(of path: String, in index: IndexReference) async throws -> [Passage] {
        let local = try await open(index)
        return try await translating { try await local.entries(document: path) }.map { Passage($0) }
    }

    /// Not on the actor: searches run side by side.
    @concurrent
    private static func search(
        _ query: PassageQuery,
        filter: LocalIndex.Filter,
        in local: LocalIndex
    ) async throws -> PassageCandidates {
        try await translating {
            let hits = try await local.search(
                text: query.text, vector: query.vector, keys: query.nameKeys, filter: filter, limit: query.limit)
            func candidates(_ hits: [LocalIndex.Hit], _ entries: [LocalIndex.Row: LocalIndex.Entry])
                -> [PassageCandidates.Candidate]
            {
                hits.compactMap { hit in entries[hit.row].map { .init(passage: Passage($0), score: hit.score) } }
            }
            return PassageCandidates(
                lexical: candidates(hits.text, hits.entries), dense: candidates(hits.vector, hits.entries),
                named: hits.keyed.compactMap { hits.entries[$0].map { Passage($0) } }, unembedded: hits.unembedded)
        }
    }

    private func open(_ index: IndexReference) async throws -> LocalIndex {
        if let local = opened[index] { return local }
        _ = try await prepare(try await generation(of: index), of: index.projectID)
        guard let local = opened[index] else {
            throw StoreError(
                .corrupt, "The index in \(folder(of: index)) is not the one that it says it is. Delete the folder.")
        }
        return local
    }

    private static func missing(_ index: IndexReference) -> StoreError {
        StoreError(
            .notFound,
            "The index \(index.generation) of project '\(index.projectID)' is not there. Ingest the project again.")
    }
}

extension LocalPassageIndex {
    private func folder(of project: ProjectID) -> String { root + "/" + project.rawValue }

    private func folder(of index: IndexReference) -> String {
        folder(of: index.projectID) + "/" + index.generation.rawValue
    }

    /// What is in a folder; nothing of one that is not there.
    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private func activeFile(of project: ProjectID) -> String { folder(of: project) + "/active" }

    private func readDescription(in folder: String) -> IndexGeneration? {
        FileManager.default.contents(atPath: folder + "/generation.json")
            .flatMap { try? TaskCoding.decode(IndexGeneration.self, from: $0) }
    }

    private func writeDescription(of generation: IndexGeneration, in folder: String) throws {
        let file = folder + "/generation.json"
        guard !FileManager.default.fileExists(atPath: file) else { return }
        try replaceFile(file, with: String(decoding: try TaskCoding.encode(generation), as: UTF8.self))
    }

    private func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StoreError(
                .full, "The folder \(path) cannot be made. Check the disk and the rights.", underlying: error)
        }
    }

    /// Writes beside and renames: a reader sees the old content or the new.
    private func replaceFile(_ path: String, with text: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw StoreError(.full, "The file \(path) cannot be written. Check the disk.", underlying: error)
        }
    }

    private func remove(_ path: String) throws {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            guard FileManager.default.fileExists(atPath: path) else { return }
            throw StoreError(.unreachable, "\(path) cannot be removed. Check its rights.", underlying: error)
        }
    }
}

/// Turns the driver's errors into Hearth's.
private func translating<Value>(
    _ body: () async throws -> Value
) async throws -> Value {
    do {
        return try await body()
    } catch let error as LocalIndexError {
        throw StoreError(local: error)
    }
}
