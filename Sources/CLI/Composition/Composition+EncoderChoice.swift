import Hearth

extension Composition {
    /// Has a project's vectors made by another encoder, or by the same one as it is now. Its old index is searched until
    /// the new one is complete.
    ///
    /// - Throws: ``EncoderError`` if the encoder does not work, ``StoreError``. The project is as it was then.
    func choose(_ choice: EncoderChoice, for project: Project) async throws -> Project {
        var generation: IndexGeneration?
        if let active = try await stores.index.active(of: project.id) {
            generation = try await stores.index.generation(of: active)
        }
        let chosen = try await encoders.pin(project, to: choice, active: generation)
        try await stores.timeline.save(chosen)
        return chosen
    }
}

extension EncoderChoice {
    /// The encoder that somebody wrote.
    ///
    /// - Throws: ``ConfigurationError`` that says how it is written.
    static func named(_ text: String) throws -> EncoderChoice {
        if let choice = EncoderChoice(text) { return choice }
        throw ConfigurationError(
            "'\(text)' is no encoder. Write minilm, ollama/<model> or openai/<model>; a server that is not the one of the "
                + "settings is put behind it: ollama/<model>@http://host:11434.")
    }
}
