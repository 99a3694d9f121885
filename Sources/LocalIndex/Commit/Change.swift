/// What a caller wants to have committed.
enum Change: Sendable {
    case replace(LocalIndex.DocumentRecord, entries: [LocalIndex.Entry], vectors: [[Float]], keys: [[String]])
    case remove(paths: [String])

    /// About how much memory and log the change takes, to keep transactions small.
    var weight: Int {
        switch self {
        case .replace(_, let entries, let vectors, let keys):
            entries.reduce(0) { $0 + $1.text.utf8.count + 256 } + vectors.reduce(0) { $0 + $1.count * 4 }
                + keys.reduce(0) { $0 + $1.count * 64 }
        case .remove(let paths): paths.count * 4096
        }
    }

    /// Finds what can never be stored, before anything is written.
    func validate(dimension: Int) throws(LocalIndexError) {
        guard case .replace(let document, let entries, let vectors, let keys) = self else { return }
        guard vectors.count == entries.count else {
            throw LocalIndexError(
                .invalidArgument,
                "\(document.path) has \(entries.count) entries and \(vectors.count) vectors: pass one for each entry, "
                    + "empty to use the stored one, if there is one.")
        }
        guard keys.isEmpty || keys.count == entries.count else {
            throw LocalIndexError(
                .invalidArgument,
                "\(document.path) has \(entries.count) entries and \(keys.count) lists of keys: pass one for each "
                    + "entry, or none at all.")
        }
        for entry in entries where entry.document != document.path || entry.version != document.version {
            throw LocalIndexError(
                .invalidArgument,
                "An entry of \(entry.document) came with the document \(document.path): replace "
                    + "each document with its own entries, of its own version.")
        }
        for vector in vectors where !vector.isEmpty {
            try VectorRules.check(vector, dimension: dimension)
        }
    }
}
