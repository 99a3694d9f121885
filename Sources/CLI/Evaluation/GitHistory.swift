import Evaluation
import Foundation

/// The history of a git repository, by its own command.
struct GitHistory: CommitHistory {
    private static let fieldEnd: Character = "\u{1F}"
    private static let recordStart: Character = "\u{1E}"

    private let folder: String

    /// - Parameter folder: the top of a working tree.
    init(folder: String) { self.folder = folder }

    /// Whether a folder is the top of a working tree: one inside of a foreign repository has no history of its own.
    static func isRepository(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/.git")
    }

    func commits(limit: Int) async throws -> [Commit] {
        let format = "--format=\(Self.recordStart)%H\(Self.fieldEnd)%P\(Self.fieldEnd)%an\(Self.fieldEnd)%s"
        let log = try run([
            "log", "--no-merges", "--topo-order", "--max-count=\(limit)", "--no-renames", "--name-status", format,
        ])
        return log.text.split(separator: Self.recordStart).compactMap(Self.commit)
    }

    func files(of commit: String) async throws -> [String: String] {
        let list = try run(["ls-tree", "-r", "-z", "--full-tree", commit])
        var files: [String: String] = [:]
        for entry in list.text.split(separator: "\0") {
            guard let tab = entry.firstIndex(of: "\t") else { continue }
            // Mode, type and id; links and submodules are no files of the codebase.
            let fields = entry[..<tab].split(separator: " ")
            guard fields.count == 3, fields[0].hasPrefix("100"), fields[1] == "blob" else { continue }
            files[String(entry[entry.index(after: tab)...])] = String(fields[2])
        }
        return files
    }

    func contents(of blobs: [String], limit: Int) async throws -> [String: [UInt8]] {
        guard !blobs.isEmpty else { return [:] }
        let output = try run(["cat-file", "--batch"], input: blobs.joined(separator: "\n") + "\n").bytes
        var contents: [String: [UInt8]] = [:]
        var offset = 0
        while let end = output[offset...].firstIndex(of: UInt8(ascii: "\n")) {
            let header = String(decoding: output[offset..<end], as: UTF8.self).split(separator: " ")
            guard header.count == 3, let size = Int(header[2]), end + 1 + size <= output.count else {
                throw EvaluationError(.history, "git has no blob that it listed. Check the repository with `git fsck`.")
            }
            if size <= limit { contents[String(header[0])] = Array(output[(end + 1)..<(end + 1 + size)]) }
            offset = min(output.count, end + 1 + size + 1)
        }
        return contents
    }

    private static func commit(_ record: Substring) -> Commit? {
        let lines = record.split(separator: "\n")
        let fields = (lines.first ?? "").split(separator: fieldEnd, omittingEmptySubsequences: false)
        guard fields.count == 4, !fields[1].isEmpty, !fields[1].contains(" ") else { return nil }
        var (changed, added): ([String], [String]) = ([], [])
        for line in lines.dropFirst() {
            guard let tab = line.firstIndex(of: "\t") else { continue }
            let path = String(line[line.index(after: tab)...])
            if line.hasPrefix("A") { added.append(path) } else { changed.append(path) }
        }
        return Commit(
            id: String(fields[0]), parent: String(fields[1]), author: String(fields[2]), subject: String(fields[3]),
            changed: changed, added: added)
    }

    private struct Output {
        let bytes: [UInt8]
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// - Throws: ``EvaluationError`` `history`.
    private func run(_ arguments: [String], input: String? = nil) throws -> Output {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder, "-c", "core.quotePath=false"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let file = FileManager.default.temporaryDirectory.appending(path: "hearth-git-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        do {
            if let input {
                // From a file: git writes while it reads, and both ends of a pipe would wait for each other.
                try Data(input.utf8).write(to: file)
                process.standardInput = try FileHandle(forReadingFrom: file)
            }
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw failure(arguments) }
            return Output(bytes: Array(data))
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw failure(arguments)
        }
    }

    private func failure(_ arguments: [String]) -> EvaluationError {
        EvaluationError(
            .history,
            "`git \(arguments.first ?? "")` failed in \(folder). Install git and check the repository, or leave commit "
                + "out of --kinds.")
    }
}
