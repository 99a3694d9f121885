import Hearth
import S3

/// The documents of a bucket's folder in the order of their paths, page by page.
///
/// A folder's ignore files come after some of its documents: `(a)/b` and `+c` sort before `.gitignore`. Such documents are
/// held back until the listing is past the ignore files; so no folder costs a request, only an ignore file that changed.
struct ObjectListing: AsyncSequence, Sendable {
    typealias Element = DocumentListing
    typealias Failure = any Error

    private static let lastIgnoreFile = ".hearthignore"
    /// How many documents are held back before the ignore files are asked for by name.
    private static let mostHeld = 10_000

    private let tree: ObjectTree
    private let start: S3ObjectListing.AsyncIterator

    /// Asks for the first page.
    ///
    /// - Throws: ``S3Error`` if the bucket cannot be read, ``StoreError`` `empty` if nothing is below the prefix.
    init(_ tree: ObjectTree) async throws {
        self.tree = tree
        var objects = tree.client.objects(in: tree.bucket, prefix: tree.prefix).makeAsyncIterator()
        try await objects.begin()
        start = objects
        var ahead = objects
        while let object = try await ahead.next() {
            // Consoles make an empty object for each folder.
            if !object.key.hasSuffix("/") { return }
        }
        throw StoreError.nothing(at: tree.location, check: "the bucket and the prefix")
    }

    func makeAsyncIterator() -> Iterator { Iterator(tree: tree, objects: start) }

    struct Iterator: AsyncIteratorProtocol {
        private struct Held {
            let object: S3ObjectSummary
            let path: String
        }

        private let tree: ObjectTree
        private var objects: S3ObjectListing.AsyncIterator
        private var walk: IgnoreWalk
        /// By folder, then by the file's name.
        private var texts: [String: [String: String]] = [:]
        /// Folders whose ignore files were asked for by name.
        private var lookedUp: Set<String> = []
        private var held: [Held] = []
        /// How many of ``held`` are done with.
        private var released = 0
        private var last: String?
        private var hasEnded = false

        init(tree: ObjectTree, objects: S3ObjectListing.AsyncIterator) {
            self.tree = tree
            self.objects = objects
            walk = IgnoreWalk(settings: tree.settings)
        }

        mutating func next() async throws -> DocumentListing? {
            try await StoreError.translatingS3 {
                while true {
                    if let listing = release() { return listing }
                    if hasEnded { return nil }
                    try await take()
                }
            }
        }

        /// The first document that waits for no ignore file any more.
        private mutating func release() -> DocumentListing? {
            while released < held.count, isSettled(held[released].path) {
                let next = held[released]
                released += 1
                if released == held.count {
                    held.removeAll(keepingCapacity: true)
                    released = 0
                }
                let texts = texts
                let listing = tree.listing(next.object, path: next.path, walk: &walk) { folder in
                    IgnoreRules.fileNames.compactMap { texts[folder]?[$0] }
                }
                if let listing { return listing }
            }
            return nil
        }

        private mutating func take() async throws {
            guard let object = try await objects.next() else {
                hasEnded = true
                return
            }
            guard object.key.utf8.starts(with: tree.prefix.utf8) else {
                throw StoreError(
                    .corrupt, "The listing of \(tree.bucket) has the key \(object.key), which was not asked for.")
            }
            let path = String(decoding: object.key.utf8.dropFirst(tree.prefix.utf8.count), as: UTF8.self)
            if let last, !last.utf8.lexicographicallyPrecedes(path.utf8) {
                // Ignore files would be missed.
                throw StoreError(
                    .corrupt, "\(tree.bucket) does not list its keys in order. Use a general-purpose bucket.")
            }
            last = path
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
            let name = String(path[slash...])
            if IgnoreRules.fileNames.contains(name), let text = try await tree.ignoreText(object) {
                texts[String(path[..<slash]), default: [:]][name] = text
            }
            held.append(Held(object: object, path: path))
            if held.count - released > ObjectListing.mostHeld { try await lookUp(held[released].path) }
        }

        /// Whether the ignore files of all folders on the way to a path are known.
        private func isSettled(_ path: String) -> Bool {
            hasEnded || unsettled(path).isEmpty
        }

        private func unsettled(_ path: String) -> [String] {
            guard let last else { return [] }
            var folders: [String] = []
            let bytes = Array(path.utf8)
            var start = 0
            while start < bytes.count {
                // Names that begin with a letter come after the ignore files: they need no further look.
                if bytes[start] <= UInt8(ascii: ".") {
                    let folder = String(decoding: bytes[..<start], as: UTF8.self)
                    let file = folder + ObjectListing.lastIgnoreFile
                    let isBefore = path.utf8.lexicographicallyPrecedes(file.utf8)
                    if isBefore, last.utf8.lexicographicallyPrecedes(file.utf8), !lookedUp.contains(folder) {
                        folders.append(folder)
                    }
                }
                guard let slash = bytes[start...].firstIndex(of: UInt8(ascii: "/")) else { break }
                start = slash + 1
            }
            return folders
        }

        private mutating func lookUp(_ path: String) async throws {
            for folder in unsettled(path) {
                let found = try await tree.ignoreTexts(in: folder)
                // Which file a text is from does not matter, only their order.
                for (name, text) in zip(IgnoreRules.fileNames, found) { texts[folder, default: [:]][name] = text }
                lookedUp.insert(folder)
            }
        }
    }
}
