import Hearth
import OpenAI

/// A chat request with what Hearth adds to it.
struct ChatBody: Decodable {
    /// The field `hearth`: narrows the search, and the model's context.
    struct Extras: Decodable {
        var pathPrefix: String?
        var languages: [String]?
        /// The most tokens of prompt and answer together.
        var contextLength: Int?

        enum CodingKeys: String, CodingKey {
            case languages
            case pathPrefix = "path_prefix"
            case contextLength = "context_length"
        }

        var filter: PassageFilter { PassageFilter(pathPrefix: pathPrefix, languages: Set(languages ?? [])) }
    }

    let request: ChatCompletionRequest
    let extras: Extras?

    init(from decoder: any Decoder) throws {
        request = try ChatCompletionRequest(from: decoder)
        extras = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Extras.self, forKey: .extras)
    }

    enum CodingKeys: String, CodingKey { case extras = "hearth" }
}
