import Hearth
import S3

/// The archives that were unpacked, the last version of each: one unpacking serves a listing and all readings after it.
actor ArchiveShelf {
    private struct Place: Hashable {
        let archive: ArchivePlace
        let entryBytes: Int
    }

    private struct Shelved {
        var archive: UnpackedArchive
        /// When it was last known to be the newest.
        var checked: ContinuousClock.Instant
    }

    private var shelved: [Place: Shelved] = [:]
    private var busy: Set<Place> = []
    private var waiting: [Place: [CheckedContinuation<Void, Never>]] = [:]

    /// The archive as it is now, or as it was at most `age` ago.
    ///
    /// - Throws: ``StoreError`` or ``S3Error``.
    func archive(
        at archive: ArchivePlace,
        client: S3Client,
        limits: ArchiveLimits,
        age: Duration = .zero
    ) async throws -> UnpackedArchive {
        let place = Place(archive: archive, entryBytes: limits.entryBytes)
        while !busy.insert(place).inserted {
            await withCheckedContinuation { waiting[place, default: []].append($0) }
        }
        defer {
            busy.remove(place)
            for continuation in waiting.removeValue(forKey: place) ?? [] { continuation.resume() }
        }
        if let known = shelved[place] {
            if ContinuousClock.now - known.checked < age { return known.archive }
            let head = try await client.head(archive.key, in: archive.bucket)
            if head.etag == known.archive.etag, head.versionID == known.archive.versionID {
                shelved[place]?.checked = .now
                return known.archive
            }
            shelved[place] = nil
        }
        let fresh = try await ArchiveUnpacking(client: client, place: archive, limits: limits).unpack()
        shelved[place] = Shelved(archive: fresh, checked: .now)
        return fresh
    }
}
