import Hearth
import Qdrant

/// Which documents a path prefix lets through, in words that every Qdrant knows: folders and paths as a whole.
///
/// A prefix that ends with a slash is a folder. Of any other the beginning is a folder, and the manifest says which of
/// that folder's documents and folders go on as the prefix does.
enum PathScope: Sendable, Hashable {
    case everything
    case nothing
    case inFolder(String)
    case anyOf(folders: [String], paths: [String])

    /// `a/b/c.swift` gives `a/` and `a/b/`.
    static func folders(above path: String) -> [String] {
        path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") }.map { slash in
            String(path[...slash])
        }
    }

    /// The folder in which everything with this prefix is; empty for the root.
    static func folder(of prefix: String) -> String { folders(above: prefix).last ?? "" }

    /// - Parameter paths: all documents in the prefix's folder, or more.
    init(prefix: String, among paths: some Sequence<String>) {
        let folder = Self.folder(of: prefix)
        var folders: Set<String> = []
        var files: Set<String> = []
        for path in paths where path.utf8.starts(with: prefix.utf8) {
            let rest = path.utf8.dropFirst(folder.utf8.count)
            if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
                folders.insert(String(path[...slash]))
            } else {
                files.insert(path)
            }
        }
        self =
            folders.isEmpty && files.isEmpty
            ? .nothing : .anyOf(folders: folders.sorted(), paths: files.sorted())
    }

    /// The condition; none where everything is let through.
    var conditions: [QdrantCondition] {
        switch self {
        case .everything: []
        case .nothing: [.hasID([])]
        case .inFolder(let folder): [.equals(PointField.folders, folder)]
        case .anyOf(let folders, let paths):
            [
                .matches(
                    QdrantFilter(should: [
                        .isAnyOf(PointField.folders, folders), .isAnyOf(PointField.path, paths),
                    ]))
            ]
        }
    }
}
