import Foundation
import Hearth

/// Walks a folder in the order of the paths, one folder at a time, as fast as it is read.
struct FolderListing: AsyncSequence, Sendable {
    typealias Element = DocumentListing
    typealias Failure = any Error

    private let root: String
    private let limit: Int
    private let rules: IgnoreRules

    init(root: String, settings: ProjectSettings) throws {
        self.root = root
        limit = settings.maximumDocumentBytes
        rules = IgnoreRules().adding(IgnoreRules.defaults, in: "")
            .adding(settings.ignore.joined(separator: "\n"), in: "")
    }

    func makeAsyncIterator() -> Iterator { Iterator(root: root, limit: limit, rules: rules) }

    /// Size, time of the last change to the nanosecond, and inode: a file that is replaced by one of the same size
    /// within the clock's resolution has another inode.
    static func tag(_ status: stat) -> String {
        let time = status.st_mtim
        return "\(status.st_size)-\(time.tv_sec).\(time.tv_nsec)-\(status.st_ino)"
    }

    struct Iterator: AsyncIteratorProtocol {
        /// What is still to be visited, the next last.
        private enum Step {
            case folder(path: String, rules: IgnoreRules)
            case file(DocumentListing)

            /// A folder sorts as its documents do: `a.txt` goes before `a/b`.
            var sortKey: String {
                switch self {
                case .folder(let path, _): path + "/"
                case .file(let listing): listing.path
                }
            }
        }

        private let root: String
        private let limit: Int
        private var steps: [Step]
        /// Whether there is anything but empty folders, to be listed or not.
        private var hasFound = false

        init(root: String, limit: Int, rules: IgnoreRules) {
            self.root = root
            self.limit = limit
            steps = [.folder(path: "", rules: rules)]
        }

        mutating func next() async throws -> DocumentListing? {
            while let step = steps.popLast() {
                switch step {
                case .file(let listing):
                    return listing
                case .folder(let path, let rules):
                    try Task.checkCancellation()
                    steps.append(contentsOf: try visit(path, rules: rules).reversed())
                }
            }
            guard hasFound else { throw StoreError.nothing(at: root, check: "the path, and that it is mounted") }
            return nil
        }

        private mutating func visit(_ folder: String, rules: IgnoreRules) throws -> [Step] {
            var rules = rules
            for name in IgnoreRules.fileNames {
                let file = root + "/" + (folder.isEmpty ? name : folder + "/" + name)
                if let data = FileManager.default.contents(atPath: file) {
                    rules = rules.adding(String(decoding: data, as: UTF8.self), in: folder)
                }
            }
            let steps = try names(in: folder).compactMap { name in
                step(folder.isEmpty ? name : folder + "/" + name, rules: rules)
            }
            return steps.sorted { $0.sortKey.utf8.lexicographicallyPrecedes($1.sortKey.utf8) }
        }

        private mutating func step(_ path: String, rules: IgnoreRules) -> Step? {
            var status = stat()
            // Gone between the listing and now: the next reconciliation sees it.
            guard lstat(root + "/" + path, &status) == 0 else { return nil }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let size = Int(status.st_size)
            func file(_ reason: SkipReason?) -> Step {
                .file(DocumentListing(path: path, size: size, tag: FolderListing.tag(status), skipped: reason))
            }
            let isIgnored = rules.ignores(path, isFolder: isFolder)
            if isIgnored || !isFolder { hasFound = true }
            if isIgnored { return isFolder ? nil : file(.ignored) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return .folder(path: path, rules: rules)
            case S_IFLNK: return file(.link)
            case S_IFREG: return file(size > limit ? .tooLarge : nil)
            default: return file(.unreadable)
            }
        }

        /// The names in a folder, in no order. A folder that cannot be read ends the listing:
        /// taken as empty, everything below it would be deleted from the index.
        private func names(in folder: String) throws -> [String] {
            let path = folder.isEmpty ? root : root + "/" + folder
            guard let directory = opendir(path) else {
                let reason = SystemError()
                if reason.code == ENOENT, !folder.isEmpty { return [] }
                throw StoreError(
                    .unreachable,
                    "The folder \(path) cannot be listed. Give this user the right to read it, "
                        + "or name it in .hearthignore.", underlying: reason)
            }
            defer { closedir(directory) }
            var names: [String] = []
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
                }
                // A name that is no UTF-8 cannot be cited.
                if let name, name != ".", name != ".." { names.append(name) }
            }
            return names
        }
    }
}
