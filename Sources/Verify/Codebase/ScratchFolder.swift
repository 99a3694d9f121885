import Foundation

/// A folder with the scratch projects' files, as the server reads it.
public struct ScratchFolder: Sendable {
    private let local: URL
    private let remote: String

    /// - Parameters:
    ///   - folder: an absolute path in which a folder of this run's own is made.
    ///   - asSeenByServer: the path of the same folder on the server's machine, where that is another one.
    public init(in folder: String, asSeenByServer: String? = nil, name: String) {
        local = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name, directoryHint: .isDirectory)
        remote = (asSeenByServer ?? folder) + "/" + name
    }

    func source(of slot: ProjectSlot) -> String { "\(remote)/\(slot.rawValue)" }

    /// - Throws: ``VerifyError`` `codebase`.
    func apply(_ change: FileChange, in slot: ProjectSlot) throws {
        let files = FileManager.default
        do {
            switch change {
            case .write(let path, let text):
                let file = place(path, slot)
                try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            case .delete(let path): try files.removeItem(at: place(path, slot))
            case .rename(let from, let to):
                let file = place(to, slot)
                try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try files.moveItem(at: place(from, slot), to: file)
            }
        } catch {
            throw VerifyError(
                .codebase, "The scratch codebase cannot be written in \(local.path). Name another folder: --scratch.")
        }
    }

    func remove() { try? FileManager.default.removeItem(at: local) }

    private func place(_ path: String, _ slot: ProjectSlot) -> URL {
        local.appending(path: slot.rawValue).appending(path: path)
    }
}
