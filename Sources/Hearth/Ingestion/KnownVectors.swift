/// Vectors that need not be computed, because some index has one of the same text by the same encoder: that of another
/// project, of another branch, or of the generation before.
///
/// The indexes are the cache: nothing is stored twice for it, and nothing has to be thrown away.
actor KnownVectors {
    /// Documents after which is looked for new indexes.
    private static let documentsBetweenLooks = 512

    private struct Others {
        var indexes: [(reference: IndexReference, interest: SharedInterest)] = []
        var documentsLeft = 0
    }

    private let index: any PassageIndex
    private var others: [IndexReference: Others] = [:]

    init(index: any PassageIndex) {
        self.index = index
    }

    /// The vectors that some index has, by the hash of the text that they were computed from.
    ///
    /// - Throws: ``StoreError`` if the document's own index cannot be read; another index that cannot is left out.
    func vectors(
        for hashes: [String],
        _ generation: IndexGeneration,
        in reference: IndexReference
    ) async throws -> [String: [Float]] {
        var found = try await index.vectors(for: hashes, in: reference)
        var missing = Set(hashes).subtracting(found.keys)
        guard !missing.isEmpty else { return found }
        for other in await worthAsking(generation, beside: reference) {
            let more = (try? await index.vectors(for: missing.sorted(), in: other)) ?? [:]
            note(helped: !more.isEmpty, other, beside: reference)
            found.merge(more) { own, _ in own }
            missing.subtract(more.keys)
            if missing.isEmpty { break }
        }
        return found
    }

    private func worthAsking(_ generation: IndexGeneration, beside reference: IndexReference) async -> [IndexReference]
    {
        if others[reference, default: Others()].documentsLeft == 0 {
            let all = (try? await index.indexes(encodedLike: generation)) ?? []
            let known = Dictionary(
                others[reference, default: Others()].indexes.map { ($0.reference, $0.interest) },
                uniquingKeysWith: { first, _ in first })
            others[reference] = Others(
                indexes: all.filter { $0 != reference }.map { ($0, known[$0] ?? SharedInterest()) },
                documentsLeft: Self.documentsBetweenLooks)
        }
        guard var beside = others[reference] else { return [] }
        beside.documentsLeft -= 1
        var asked: [IndexReference] = []
        for place in beside.indexes.indices where beside.indexes[place].interest.asks() {
            asked.append(beside.indexes[place].reference)
        }
        others[reference] = beside
        return asked
    }

    private func note(helped: Bool, _ other: IndexReference, beside reference: IndexReference) {
        guard let place = others[reference]?.indexes.firstIndex(where: { $0.reference == other }) else { return }
        others[reference]?.indexes[place].interest.note(helped: helped)
    }
}
