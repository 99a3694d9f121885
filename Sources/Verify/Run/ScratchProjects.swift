/// The scratch projects of one run: their files, and their indexes that follow the files.
struct ScratchProjects: Sendable {
    let api: any HearthAPI
    let files: any ScratchFiles
    /// What their names begin with; unlike for every run, so that runs do not meet.
    let prefix: String
    let patience: Duration
    private let traces = ScratchTraces()

    /// A project that was being made when the run was interrupted may appear this much later.
    private static let latestAppearance = Duration.seconds(1)

    init(api: any HearthAPI, files: any ScratchFiles, prefix: String, patience: Duration) {
        self.api = api
        self.files = files
        self.prefix = prefix
        self.patience = patience
    }

    func id(of slot: ProjectSlot) -> String { "\(prefix)-\(slot.rawValue)" }

    /// Changes the files and waits until the index says the same.
    ///
    /// - Throws: ``VerifyError``.
    func apply(_ chapter: Chapter, to codebases: inout [ProjectSlot: Codebase]) async throws {
        for slot in ProjectSlot.allCases {
            guard let changes = chapter.changes[slot], !changes.isEmpty else { continue }
            let isNew = codebases[slot] == nil
            for change in changes {
                codebases[slot, default: Codebase()].apply(change)
                try await write(change, in: slot, of: codebases[slot] ?? Codebase())
            }
            if isNew { try await create(slot) }
            try await follow(slot, files: codebases[slot]?.files.count ?? 0)
        }
    }

    /// Asks in a conversation that belongs to no project, and removes it.
    func inPassing<Result>(_ session: String, _ body: () async throws -> Result) async throws -> Result {
        traces.begin(.session(session))
        let result = try await body()
        if (try? await api.deleteSession(session)) != nil { traces.forget(.session(session)) }
        return result
    }

    /// Removes projects, conversations and files; ends early when it is cancelled.
    ///
    /// - Returns: what is left behind, for messages.
    func remove() async -> [String] {
        // At the same time: one that is stuck holds no other up.
        await withTaskGroup(of: [String].self) { group in
            group.addTask { await removeFiles() }
            for (trace, isCertain) in traces.left {
                group.addTask {
                    guard await remove(trace, isCertain: isCertain) else { return [trace.name] }
                    traces.forget(trace)
                    return []
                }
            }
            return await group.reduce(into: []) { $0 += $1 }.sorted()
        }
    }

    private func write(_ change: FileChange, in slot: ProjectSlot, of codebase: Codebase) async throws {
        switch change {
        case .write(let path, let text): try await files.write(text, to: "\(slot.rawValue)/\(path)")
        case .delete(let path): try await files.delete("\(slot.rawValue)/\(path)")
        case .rename(let from, let to):
            try await files.write(codebase.files[to] ?? "", to: "\(slot.rawValue)/\(to)")
            try await files.delete("\(slot.rawValue)/\(from)")
        }
    }

    private func create(_ slot: ProjectSlot) async throws {
        let trace = ScratchTraces.Trace.project(id(of: slot))
        traces.begin(trace)
        do {
            try await api.createProject(
                id(of: slot), source: files.source(of: slot.rawValue), passageLimit: VerifyPlan.passageLimit)
        } catch let error as VerifyError where error.code == .refused {
            traces.forget(trace)
            throw error
        }
        traces.confirm(trace)
    }

    private func removeFiles() async -> [String] {
        do {
            try await files.removeAll()
            return []
        } catch { return [files.place] }
    }

    /// Whether it is gone. A server that is still busy with it is asked again.
    private func remove(_ trace: ScratchTraces.Trace, isCertain: Bool) async -> Bool {
        let start = ContinuousClock.now
        while true {
            do {
                let wasThere =
                    switch trace {
                    case .project(let id): try await api.deleteProject(id)
                    case .session(let id): try await api.deleteSession(id)
                    }
                let mayAppear = !isCertain && ContinuousClock.now - start < Self.latestAppearance
                if wasThere || !mayAppear { return true }
            } catch let error as VerifyError where error.code == .refused {
                // Its questions are still being answered.
            } catch let error as VerifyError where error.code == .unreachable && !Task.isCancelled {
                return !isCertain
            } catch { return false }
            guard ContinuousClock.now - start < patience else { return false }
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return false }
        }
    }

    private func follow(_ slot: ProjectSlot, files count: Int) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            let state = try await api.ingest(id(of: slot))
            if state.isComplete {
                guard state.listed == count, state.skipped.isEmpty else {
                    throw VerifyError(
                        .codebase,
                        "The server sees \(state.listed) of \(count) scratch files in \(files.source(of: slot.rawValue)). Name a folder that both can read: --scratch."
                    )
                }
                return
            }
            guard ContinuousClock.now < deadline else {
                throw VerifyError(
                    .codebase,
                    "After \(patience) the index lacks \(state.changed + state.deleted) of \(count) scratch files. See `hearth tasks`, or wait longer: --patience."
                )
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
