import FoundationEssentials
import Hearth

extension StoreComposition {
    /// The project of that name.
    ///
    /// - Throws: ``ConfigurationError`` that lists what there is.
    func project(named name: String) async throws -> Project {
        let projects = try await timeline.projects()
        if let project = projects.first(where: { $0.id.rawValue == name }) { return project }
        let names = projects.map(\.id.rawValue)
        if names.isEmpty {
            throw ConfigurationError("There is no project yet. Make one: hearth ingest <folder>")
        }
        let hint = Spelling.suggestion(for: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
        throw ConfigurationError("There is no project '\(name)'.\(hint) Known: \(names.joined(separator: ", ")).")
    }

    /// The project that is meant where none is named: the only one, or the one whose folder holds the current one.
    func project(orOnly name: String?) async throws -> Project {
        if let name { return try await project(named: name) }
        let projects = try await timeline.projects()
        if projects.count == 1, let only = projects.first { return only }
        let here = FileManager.default.currentDirectoryPath + "/"
        let around = projects.filter { here.hasPrefix($0.source + "/") }
        if let nearest = around.max(by: { $0.source.count < $1.source.count }) { return nearest }
        guard !projects.isEmpty else {
            throw ConfigurationError("There is no project yet. Make one: hearth ingest <folder>")
        }
        throw ConfigurationError(
            "There are several projects. Name one with --project: \(projects.map(\.id.rawValue).joined(separator: ", "))."
        )
    }
}
