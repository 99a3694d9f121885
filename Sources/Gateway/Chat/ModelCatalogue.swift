import FoundationEssentials
import HTTPTypes
import Hearth
import OpenAI

/// The models that can be asked: one for each project, and the generator's own.
actor ModelCatalogue {
    /// What a model's name stands for.
    enum Target: Hashable, Sendable {
        case project(Project)
        case generator(GeneratorModel)
    }

    static let prefix = "hearth/"

    private let timeline: any Timeline
    private let generator: any Generator
    private let maximumAge: Duration
    private var models: [GeneratorModel] = []
    private var readAt: ContinuousClock.Instant?

    init(timeline: any Timeline, generator: any Generator, maximumAge: Duration = .seconds(10)) {
        self.timeline = timeline
        self.generator = generator
        self.maximumAge = maximumAge
    }

    /// What `name` stands for, for this caller.
    ///
    /// - Throws: ``APIError`` 404 `model_not_found`; ``StoreError``; ``GeneratorError``.
    func target(_ name: String, for caller: Caller) async throws -> Target {
        if name.hasPrefix(Self.prefix), let id = ProjectID(rawValue: String(name.dropFirst(Self.prefix.count))) {
            if caller.maySee(id), let project = try await timeline.project(id) { return .project(project) }
        } else if caller.isUnlimited, let model = try await generatorModels().first(where: { $0.name == name }) {
            return .generator(model)
        }
        let known = (try? await list(for: caller).map(\.id)) ?? []
        throw APIError(
            .notFound,
            known.isEmpty
                ? "The model '\(name)' does not exist; there is no project yet. Make one: hearth ingest <folder>"
                : "The model '\(name)' does not exist. Known: \(known.prefix(20).joined(separator: ", ")).",
            param: "model", code: "model_not_found")
    }

    /// Everything that this caller may ask, projects first.
    func list(for caller: Caller) async throws -> [ModelList.Model] {
        let projects = try await timeline.projects().filter { caller.maySee($0.id) }
        let own = projects.map { project in
            ModelList.Model(
                id: Self.prefix + project.id.rawValue, created: Int(project.createdAt.timeIntervalSince1970),
                ownedBy: "hearth")
        }
        guard caller.isUnlimited else { return own }
        // Projects stay listed while the generator is away.
        let models = (try? await generatorModels()) ?? []
        return own + models.map { ModelList.Model(id: $0.name, created: 0, ownedBy: $0.provider) }
    }

    private func generatorModels() async throws -> [GeneratorModel] {
        if let readAt, ContinuousClock.now - readAt < maximumAge { return models }
        models = try await generator.models()
        readAt = .now
        return models
    }
}
