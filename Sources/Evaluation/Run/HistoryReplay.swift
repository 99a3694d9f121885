import Hearth

/// Makes an index that of one commit after another. Only what differs is read and written.
struct HistoryReplay {
    private let history: any CommitHistory
    private let scratch: ScratchIndex
    private let limit = ProjectSettings().maximumDocumentBytes
    private let rules = IgnoreRules().adding(IgnoreRules.defaults, in: "")
    /// Blob ids of what is in the index.
    private var present: [String: String] = [:]

    init(history: any CommitHistory, scratch: ScratchIndex) {
        self.history = history
        self.scratch = scratch
    }

    mutating func move(to commit: String) async throws {
        let files = try await history.files(of: commit).filter { !rules.ignoresTree(of: $0.key) }
        let gone = present.keys.filter { files[$0] == nil }.sorted()
        let changed = files.filter { present[$0.key] != $0.value }.sorted { $0.key < $1.key }
        if !gone.isEmpty { try await scratch.remove(gone) }
        let contents = try await history.contents(of: changed.map(\.value), limit: limit)
        try await scratch.write(changed.compactMap { file in contents[file.value].map { (file.key, $0) } })
        present = files
    }
}
