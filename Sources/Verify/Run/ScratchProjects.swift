/// The scratch projects of one run: their files, and their indexes that follow the files.
struct ScratchProjects: Sendable {
    let api: any HearthAPI
    let folder: ScratchFolder
    /// What their names begin with; unlike for every run, so that runs do not meet.
    let prefix: String
    let patience: Duration

    func id(of slot: ProjectSlot) -> String { "\(prefix)-\(slot.rawValue)" }

    /// Changes the files and waits until the index says the same.
    ///
    /// - Throws: ``VerifyError``.
    func apply(_ chapter: Chapter, to codebases: inout [ProjectSlot: Codebase]) async throws {
        for slot in ProjectSlot.allCases {
            guard let changes = chapter.changes[slot], !changes.isEmpty else { continue }
            let isNew = codebases[slot] == nil
            for change in changes {
                try folder.apply(change, in: slot)
                codebases[slot, default: Codebase()].apply(change)
            }
            if isNew {
                try await api.createProject(
                    id(of: slot), source: folder.source(of: slot), passageLimit: VerifyPlan.passageLimit)
            }
            try await follow(slot, files: codebases[slot]?.files.count ?? 0)
        }
    }

    /// Removes projects and files; what is not there any more is no error.
    func remove() async {
        for slot in ProjectSlot.allCases { try? await api.deleteProject(id(of: slot)) }
        folder.remove()
    }

    private func follow(_ slot: ProjectSlot, files: Int) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            let state = try await api.ingest(id(of: slot))
            if state.isComplete {
                guard state.listed == files, state.skipped.isEmpty else {
                    throw VerifyError(
                        .codebase,
                        "The server sees \(state.listed) of \(files) scratch files in \(folder.source(of: slot)). Name a folder that both can read: --scratch."
                    )
                }
                return
            }
            guard ContinuousClock.now < deadline else {
                throw VerifyError(
                    .codebase,
                    "After \(patience) the index lacks \(state.changed + state.deleted) of \(files) scratch files. See `hearth tasks`, or wait longer: --patience."
                )
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
