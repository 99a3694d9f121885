import FoundationEssentials

/// Compares a project's source with its index and puts one task on the bus for each difference.
///
/// The listing is the truth; whatever else says that something changed only triggers this.
public struct Reconciler: Sendable {
    /// Opens the store that a project's source names.
    public typealias OpenStore = @Sendable (Project) throws -> any DocumentStore

    private let openStore: OpenStore
    private let index: any PassageIndex
    private let timeline: any Timeline
    private let bus: any TaskBus
    private let encoders: Encoders

    public init(
        openStore: @escaping OpenStore,
        index: any PassageIndex,
        timeline: any Timeline,
        bus: any TaskBus,
        encoders: Encoders
    ) {
        self.openStore = openStore
        self.index = index
        self.timeline = timeline
        self.bus = bus
        self.encoders = encoders
    }

    /// Publishes what has to be done, and activates the generation when nothing has.
    ///
    /// A new generation of a project that has one already is built beside it and becomes the one that is searched
    /// only when it agrees with the listing; a project's first is searched from the start.
    /// - Parameter batch: how many tasks are published at once.
    /// - Throws: ``StoreError``, ``EncoderError`` or ``TaskBusError``. A listing that breaks off changes nothing that it
    ///   had not listed; a source in which there is nothing, and an encoder that is no longer what was chosen changes nothing at all.
    public func reconcile(_ project: Project, batch: Int = 500) async throws -> ReconcileReport {
        // First of all: a source that cannot be read leaves no trace, not even an empty index.
        let listings = try await openStore(project).list()
        let project = try await pinned(project)
        let maker = try await encoders.maker(for: project)
        let reference = try await index.prepare(maker.generation, of: project.id)
        if try await index.active(of: project.id) == nil { try await index.activate(reference) }
        var isConfirmed = false
        var report = ReconcileReport(projectID: project.id, index: reference)
        var known = Dictionary(
            try await index.documents(in: reference).map { ($0.path, $0) }, uniquingKeysWith: { $1 })
        var pending: [TaskMessage] = []

        for try await listing in listings {
            if let reason = listing.skipped {
                report.skipped[reason, default: 0] += 1
                continue
            }
            report.listed += 1
            var work = IngestTask.Work.words
            if let document = known.removeValue(forKey: listing.path), document.tag == listing.tag {
                report.unchanged += 1
                report.unembedded += document.unembedded
                if let reason = document.skipped { report.skipped[reason, default: 0] += 1 }
                if document.unembedded == 0 { continue }
                work = .vectors
            } else {
                report.changed += 1
            }
            if !isConfirmed { try await maker.encoder.confirm() }
            isConfirmed = true
            pending.append(try task(listing.path, tag: listing.tag, work, in: reference).message())
            if pending.count >= batch {
                try await bus.publish(pending)
                pending = []
            }
        }
        // Only a listing that came to its end says that something is gone.
        for document in known.values.sorted(by: { $0.path < $1.path }) {
            report.deleted += 1
            pending.append(try task(document.path, tag: document.tag, .removal, in: reference).message())
        }
        for start in stride(from: 0, to: pending.count, by: batch) {
            try await bus.publish(Array(pending[start..<min(start + batch, pending.count)]))
        }
        if report.isComplete { try await finish(project, reference) }
        return report
    }

    /// Does the same for some paths alone, of which something was heard: they are looked up, not believed.
    ///
    /// A change of an ignore file, and a project that has no index yet, take a whole comparison. So the last document of a
    /// source leaves the index when it is named here, and never because a listing is empty.
    /// - Throws: ``StoreError``, ``EncoderError`` or ``TaskBusError``. Once this returns, the bus has what is to be done.
    public func reconcile(_ project: Project, paths: Set<String>) async throws -> ReconcileReport {
        let rules = IgnoreRules.fileNames
        let changesRules = paths.contains { path in
            path.split(separator: "/").last.map { rules.contains(String($0)) } ?? false
        }
        let project = try await pinned(project)
        let maker = try await encoders.maker(for: project)
        let reference = try await index.prepare(maker.generation, of: project.id)
        let isIndexed = try await index.active(of: project.id) == reference
        if changesRules || !isIndexed {
            do {
                return try await reconcile(project)
            } catch let error as StoreError where error.code == .empty && isIndexed {
                // Where nothing is there are no rules either: what is named is looked up.
            }
        }
        var report = ReconcileReport(projectID: project.id, index: reference)
        var gone = paths
        var pending: [TaskMessage] = []
        for listing in try await openStore(project).listings(of: paths) {
            if let reason = listing.skipped {
                report.skipped[reason, default: 0] += 1
                continue
            }
            gone.remove(listing.path)
            report.listed += 1
            // Vectors that are missing are on their way, or will be found missing by the next whole comparison.
            if try await index.document(listing.path, in: reference)?.tag == listing.tag {
                report.unchanged += 1
                continue
            }
            if report.changed == 0 { try await maker.encoder.confirm() }
            report.changed += 1
            pending.append(try task(listing.path, tag: listing.tag, .words, in: reference).message())
        }
        for path in gone.sorted() {
            guard let document = try await index.document(path, in: reference) else { continue }
            report.deleted += 1
            pending.append(try task(path, tag: document.tag, .removal, in: reference).message())
        }
        if !pending.isEmpty { try await bus.publish(pending) }
        return report
    }

    /// The project as it is kept now, its encoder pinned.
    private func pinned(_ project: Project) async throws -> Project {
        let kept = try await timeline.project(project.id)
        let pinned = try await encoders.pin(kept ?? project, active: try await activeGeneration(of: project.id))
        if let kept, kept != pinned { try await timeline.save(pinned) }
        return pinned
    }

    private func activeGeneration(of project: ProjectID) async throws -> IndexGeneration? {
        guard let active = try await index.active(of: project) else { return nil }
        do {
            return try await index.generation(of: active)
        } catch let error as StoreError where error.code == .notFound {
            return nil
        }
    }

    private func finish(_ project: Project, _ reference: IndexReference) async throws {
        guard var current = try await timeline.project(project.id) else { return }
        // Somebody has chosen another encoder meanwhile: what was compared is no longer what is wanted.
        guard current.settings.encoder == project.settings.encoder else { return }
        if try await index.active(of: project.id) != reference { try await index.activate(reference) }
        try await index.dropGenerations(of: project.id, except: reference)
        current.settings.formerEncoder = nil
        current.reconciledAt = Date()
        try await timeline.save(current)
    }

    private func task(
        _ path: String,
        tag: String,
        _ work: IngestTask.Work,
        in reference: IndexReference
    ) -> IngestTask {
        IngestTask(
            projectID: reference.projectID, generation: reference.generation, path: path, tag: tag, work: work)
    }
}
