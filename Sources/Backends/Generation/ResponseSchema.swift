import FoundationEssentials
import Hearth
import OpenAI

/// The JSON schema that an answer has to fit, taken out of the `json_schema` object of OpenAI's API if it is in one.
struct ResponseSchema: Sendable, Hashable {
    /// The schema as JSON: a JSON object.
    let json: String

    /// - Parameter text: a schema, or `{"name": …, "schema": {…}, "strict": …}`.
    /// - Throws: ``GeneratorError`` `refused` if it is neither.
    init(_ text: String) throws(GeneratorError) {
        do {
            let value = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
            guard value["name"] != nil, let inner = value["schema"], case .object = inner else {
                // As it is: the order of its keys is the order in which a model writes them.
                json = text
                return
            }
            json = String(decoding: try JSONEncoder().encode(inner), as: UTF8.self)
        } catch {
            throw GeneratorError(
                .refused, "The JSON schema of the request is no JSON object; check response_format.",
                underlying: error)
        }
    }
}
