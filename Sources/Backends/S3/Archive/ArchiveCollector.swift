import Hearth

/// Gathers the entries of an archive while it is unpacked; holds the bytes of one file in memory at most.
struct ArchiveCollector {
    private let archive: String
    private let limits: ArchiveLimits
    private let bytes: ScratchFile
    private var files: [String: UnpackedArchive.File] = [:]
    private var current: ArchiveEntry?
    private var start = 0
    private var taken = 0
    private var unpacked = 0
    private var count = 0

    init(archive: String, limits: ArchiveLimits) throws(StoreError) {
        self.archive = archive
        self.limits = limits
        bytes = try ScratchFile()
    }

    /// - Parameter packed: how many bytes of the archive were read so far.
    mutating func take(_ event: TarReader.Event, packed: Int) throws {
        switch event {
        case .begin(let entry):
            current = entry
            start = bytes.size
            taken = 0
            count += 1
            try limits.check(unpacked: unpacked, packed: packed, entries: count, of: archive)
        case .content(let part):
            unpacked += part.count
            try limits.check(unpacked: unpacked, packed: packed, entries: count, of: archive)
            guard let current, isKept(current) else { return }
            taken += part.count
            try bytes.append(part)
        case .end:
            if let current { try close(current) }
            current = nil
        }
    }

    /// What was gathered; of several entries of the same path the last.
    func result(etag: String, versionID: String?) -> UnpackedArchive {
        let sorted = files.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return UnpackedArchive(etag: etag, versionID: versionID, files: sorted, bytes: bytes)
    }

    private func isKept(_ entry: ArchiveEntry) -> Bool { entry.kind == .file && entry.size <= limits.entryBytes }

    private mutating func close(_ entry: ArchiveEntry) throws(StoreError) {
        let skipped: SkipReason?
        switch entry.kind {
        case .folder: return
        case .file: skipped = isKept(entry) ? nil : .tooLarge
        case .link: skipped = .link
        case .other: skipped = .unreadable
        }
        let range = skipped == nil ? start..<(start + taken) : nil
        var hash = ""
        if let range { hash = Digest.sha256(try bytes.read(range)) }
        files[entry.path] = UnpackedArchive.File(
            path: entry.path, size: entry.size, range: range,
            sha256: hash,
            skipped: skipped)
    }
}
