import Foundation

/// Scratch files in a folder that the server reads, too.
public struct ScratchFolder: ScratchFiles {
    private let local: URL
    private let remote: String

    /// - Parameters:
    ///   - folder: an absolute path in which a folder of this run's own is made.
    ///   - asSeenByServer: the path of the same folder on the server's machine, where that is another one.
    public init(in folder: String, asSeenByServer: String? = nil, name: String) {
        local = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name, directoryHint: .isDirectory)
        remote = (asSeenByServer ?? folder) + "/" + name
    }

    public var place: String { local.path }

    public func source(of folder: String) -> String { "\(remote)/\(folder)" }

    public func write(_ text: String, to path: String) async throws {
        try change {
            let file = local.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    public func delete(_ path: String) async throws {
        try change { try FileManager.default.removeItem(at: local.appending(path: path)) }
    }

    public func removeAll() async throws {
        guard FileManager.default.fileExists(atPath: local.path) else { return }
        try change { try FileManager.default.removeItem(at: local) }
    }

    private func change(_ body: () throws -> Void) throws {
        do { try body() } catch {
            throw VerifyError(
                .codebase, "The scratch codebase cannot be written in \(local.path). Name another folder: --scratch.")
        }
    }
}
