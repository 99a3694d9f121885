import Hearth

/// What `hearth serve` prints once it listens.
struct Greeting: Sendable {
    let composition: Composition

    func show(host: String, port: Int) async {
        let terminal = Terminal.output
        let projects = (try? await composition.stores.timeline.projects()) ?? []
        let shown = host.contains(":") ? "[\(host)]" : host
        let base = "http://\(shown):\(port)"
        terminal.line("Hearth \(Version.text) serves \(terminal.bold(base + "/v1")) (page: \(base)/)")
        terminal.line("Answers: \(await generator())")
        guard let first = projects.first else {
            return terminal.line("There is no project yet. In another terminal: hearth ingest <folder>")
        }
        terminal.line("Projects: \(projects.map(\.id.rawValue).joined(separator: ", "))")
        terminal.line("Try it:")
        terminal.line(
            """
            curl -s \(base)/v1/chat/completions -H 'Content-Type: application/json' -d '{"model": "hearth/\(first.id)", \
            "messages": [{"role": "user", "content": "What does this project do?"}]}'
            """)
    }

    private func generator() async -> String {
        do {
            let model = try await composition.generator.defaultModel()
            guard model.provider == "extractive" else { return "by \(model.label)" }
            let isChosen = composition.configuration[.generatorKind] == "extractive"
            return "quotes of the code, without a model"
                + (isChosen ? "" : " (no Ollama with a model at \(composition.configuration[.ollamaURL]))")
        } catch {
            return "none yet: \(error)"
        }
    }
}
