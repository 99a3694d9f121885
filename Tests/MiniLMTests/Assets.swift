import Foundation
import MiniLM

/// Where the tests find the model and the reference values.
enum Assets {
    private static let environment = ProcessInfo.processInfo.environment

    /// The folder of the model that `make setup` installs.
    static let directory: String = {
        let home = environment["HOME"] ?? ""
        let data = environment["XDG_DATA_HOME"] ?? home + "/.local/share"
        return (environment["HEARTH_ASSETS"] ?? data + "/hearth/assets") + "/minilm"
    }()

    /// The folder that `scripts/minilm-reference` writes; `make test` names it.
    static let reference = environment["HEARTH_MINILM_REFERENCE"]

    static func encoder(_ precision: SentenceEncoder.Precision?) throws -> SentenceEncoder {
        try SentenceEncoder(directory: directory, precision: precision)
    }

    static let hasBF16 = (try? encoder(.bf16)) != nil

    /// One JSON object a line.
    static func lines<Value: Decodable>(_ type: Value.Type, of name: String) throws -> [Value] {
        let text = try String(contentsOfFile: (reference ?? "") + "/" + name, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }
}
