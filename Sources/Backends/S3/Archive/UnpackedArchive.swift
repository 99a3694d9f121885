import Hearth

/// The entries of one version of an archive, and the bytes of those that may be read.
struct UnpackedArchive: Sendable {
    struct File: Sendable {
        let path: String
        let size: Int
        /// Where its bytes are; `nil` for what is not to be read.
        let range: Range<Int>?
        let sha256: String
        let skipped: SkipReason?

        /// Names the content alone: the same file in the next archive is unchanged.
        var tag: String { sha256.isEmpty ? "\(size)-\(skipped?.rawValue ?? "")" : "\(size)-\(sha256.prefix(32))" }
    }

    let etag: String
    let versionID: String?
    /// In the order of the paths' bytes, each once.
    let files: [File]
    let bytes: ScratchFile

    /// The entry of that path, by bisection.
    func file(_ path: String) -> File? {
        var (low, high) = (0, files.count)
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
        }
        return low < files.count && files[low].path == path ? files[low] : nil
    }

    /// The documents, less what the ignore files in the archive and the settings say.
    func listings(_ settings: ProjectSettings) throws(StoreError) -> [DocumentListing] {
        var texts: [String: [String: String]] = [:]
        for file in files {
            let slash = file.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { file.path.utf8.index(after: $0) }
            let name = String(file.path[(slash ?? file.path.startIndex)...])
            if IgnoreRules.fileNames.contains(name), let range = file.range {
                let text = String(decoding: try bytes.read(range), as: UTF8.self)
                texts[String(file.path[..<(slash ?? file.path.startIndex)]), default: [:]][name] = text
            }
        }
        var walk = IgnoreWalk(settings: settings)
        var listings: [DocumentListing] = []
        for file in files {
            let verdict = walk.verdict(on: file.path) { folder in
                IgnoreRules.fileNames.compactMap { texts[folder]?[$0] }
            }
            switch verdict {
            case .insideIgnoredFolder: continue
            case .ignored:
                listings.append(DocumentListing(path: file.path, size: file.size, tag: file.tag, skipped: .ignored))
            case .kept:
                listings.append(DocumentListing(path: file.path, size: file.size, tag: file.tag, skipped: file.skipped))
            }
        }
        return listings
    }
}
