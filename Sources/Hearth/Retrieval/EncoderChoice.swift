/// Which encoder somebody wants: what makes the vectors, and where. Written `minilm`, `ollama/nomic-embed-text` or
/// `openai/BAAI/bge-m3@http://gpu:8000/v1`.
public struct EncoderChoice: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What computes the vectors.
    public enum Provider: String, Sendable, Codable, CaseIterable {
        /// all-MiniLM-L6-v2 in the process.
        case minilm
        case ollama
        /// Any server with OpenAI's `/v1/embeddings`.
        case openai
    }

    public let provider: Provider
    /// By its server's name; empty for ``Provider/minilm``.
    public let model: String
    /// Where the server answers, if it is not where the settings say.
    public let url: String?

    /// The encoder that needs no server.
    public static let embedded = EncoderChoice(provider: .minilm, model: "")

    public init(provider: Provider, model: String, url: String? = nil) {
        self.provider = provider
        self.model = provider == .minilm ? "" : model
        self.url = provider == .minilm ? nil : url
    }

    /// Reads the written form; `nil` if the provider is not known or a server's model is missing.
    public init?(_ text: String) {
        let place = text.firstRange(of: "@http://") ?? text.firstRange(of: "@https://")
        let url = place.map { String(text[$0.lowerBound...].dropFirst()) }
        let name = place.map { text[..<$0.lowerBound] } ?? text[...]
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let provider = Provider(rawValue: String(parts[0])) else { return nil }
        let model = parts.count == 2 ? String(parts[1]) : ""
        guard (provider == .minilm) == model.isEmpty, provider != .minilm || url == nil else { return nil }
        self.init(provider: provider, model: model, url: url)
    }

    /// Whether it is computed in the process, so that nobody else can replace it.
    public var isEmbedded: Bool { provider == .minilm }

    public var description: String {
        isEmbedded ? provider.rawValue : "\(provider.rawValue)/\(model)" + (url.map { "@\($0)" } ?? "")
    }
}
