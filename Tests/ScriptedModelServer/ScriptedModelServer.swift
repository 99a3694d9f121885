import Foundation
import ScriptedModels

/// Serves a scripted model in Ollama's and OpenAI's protocol on a loopback port, for tests that need a process.
///
/// `--port` (0 chooses one, which is printed), `--tokens` pieces of an answer, `--delay` milliseconds before each,
/// `--context` tokens. Without arguments: `SCRIPTED_PORT`, `SCRIPTED_TOKENS`, `SCRIPTED_DELAY`, `SCRIPTED_CONTEXT`.
/// A request may ask for other numbers by the name of its model: `scripted:200x5` writes 200 pieces, 5 ms each.
@main
enum ScriptedModelServer {
    static func main() async throws {
        let tokens = setting("tokens") ?? 60
        let delay = setting("delay") ?? 0
        let names = ["scripted:latest", "scripted:\(tokens)x\(delay)", "scripted:200x5", "scripted:2000x1"]
        let models = ScriptedModels(
            models: names.map { ScriptedModels.Model($0, contextLength: setting("context") ?? 32_768) }
        ) { request in
            let numbers = request.model.split(separator: ":").last?.split(separator: "x").compactMap { Int($0) } ?? []
            let isSized = numbers.count == 2
            return script(
                request, tokens: isSized ? numbers[0] : tokens,
                delay: .milliseconds(isSized ? numbers[1] : delay))
        }
        try await models.run(port: setting("port") ?? 0) { port in
            let line = "scripted models on http://127.0.0.1:\(port)\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        }
    }

    private static func script(_ request: ModelRequest, tokens: Int, delay: Duration) -> ModelScript {
        let echo = ContextEcho(question: request.question, count: tokens)
        // check: allow sleep because a model that takes its time is what is played
        let wait = ModelScript.Step.perform { try await Task.sleep(for: delay) }
        let steps = echo.pieces(after: request.prefix).flatMap { piece in
            delay > .zero ? [wait, .text(piece)] : [.text(piece)]
        }
        return ModelScript(steps, promptTokens: request.messages.reduce(0) { $0 + $1.content.utf8.count / 4 })
    }

    private static func setting(_ name: String) -> Int? {
        let arguments = CommandLine.arguments
        if let index = arguments.firstIndex(of: "--\(name)"), index + 1 < arguments.count {
            return Int(arguments[index + 1])
        }
        return ProcessInfo.processInfo.environment["SCRIPTED_\(name.uppercased())"].flatMap { Int($0) }
    }
}
