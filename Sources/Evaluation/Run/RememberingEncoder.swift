public import Hearth

/// An encoder that computes the vector of a text once, for all indexes of a run and, with a file, for later runs.
public struct RememberingEncoder: Hearth.Encoder {
    private let encoder: any Hearth.Encoder
    private let memory: VectorMemory

    public init(_ encoder: any Hearth.Encoder, memory: VectorMemory) {
        self.encoder = encoder
        self.memory = memory
    }

    public var identity: EncoderIdentity { encoder.identity }

    public func tokenCount(of text: Substring) -> Int { encoder.tokenCount(of: text) }
    public func confirm() async throws { try await encoder.confirm() }

    public func encode(_ texts: [String]) async throws -> [[Float]] {
        let keys = texts.map { Digest.sha256($0) }
        var vectors = await memory.vectors(for: keys)
        var fresh: [String: String] = [:]
        for (key, text) in zip(keys, texts) where vectors[key] == nil { fresh[key] = text }
        let missing = fresh.sorted { $0.key < $1.key }
        if !missing.isEmpty {
            let made = try await encoder.encode(missing.map(\.value))
            let pairs = Dictionary(zip(missing.map(\.key), made), uniquingKeysWith: { first, _ in first })
            try await memory.add(pairs)
            vectors.merge(pairs) { $1 }
        }
        return keys.compactMap { vectors[$0] }
    }

    /// Questions are always computed: their time is measured.
    public func encode(question: String) async throws -> QuestionVector {
        try await encoder.encode(question: question)
    }
}
