import Foundation
public import Hearth
public import MiniLM

/// all-MiniLM-L6-v2 in this process.
///
/// Encoding is pure computation, milliseconds to seconds of it. It runs on threads of its own, one a stream, and never
/// on the threads that answer requests. Questions have a lane to themselves: they do not wait behind documents. A long
/// document is encoded in parts, so that all streams have work and short ones do not wait for the whole of it.
public struct MiniLMEncoder: Hearth.Encoder {
    /// Texts of a part: about a hundred milliseconds to a second of one core.
    private static let part = 16

    private let encoder: SentenceEncoder
    private let questions: EncoderLane
    private let documents: EncoderLane

    /// - Parameter streams: how many batches of documents are encoded at the same time; one a core is right.
    public init(_ encoder: SentenceEncoder, streams: Int) {
        self.encoder = encoder
        questions = EncoderLane(label: "hearth.encode.question", width: 1, quality: .userInitiated)
        documents = EncoderLane(label: "hearth.encode.document", width: streams, quality: .utility)
    }

    public var identity: EncoderIdentity {
        EncoderIdentity(
            name: "all-MiniLM-L6-v2",
            dimension: SentenceEncoder.dimension,
            // [CLS] and [SEP] are the encoder's own.
            maximumTokens: SentenceEncoder.maximumTokens - 2,
            fingerprint: encoder.fingerprint)
    }

    public func tokenCount(of text: Substring) -> Int { encoder.tokenizer.tokenCount(of: text) }

    public func encode(_ texts: [String]) async throws -> [[Float]] {
        let starts = stride(from: 0, to: texts.count, by: Self.part)
        return try await withThrowingTaskGroup(of: (start: Int, vectors: [[Float]]).self) { group in
            for start in starts {
                let part = Array(texts[start..<min(start + Self.part, texts.count)])
                group.addTask { [documents, encoder] in
                    let vectors = try await documents.run {
                        try Self.encode(part, with: encoder, overlength: .refuse).map(\.vector)
                    }
                    return (start, vectors)
                }
            }
            var parts: [Int: [[Float]]] = [:]
            for try await (start, vectors) in group { parts[start] = vectors }
            return starts.flatMap { parts[$0] ?? [] }
        }
    }

    public func encode(question: String) async throws -> QuestionVector {
        try await questions.run { [encoder] in
            let embedding = try Self.encode([question], with: encoder, overlength: .truncate)[0]
            return QuestionVector(vector: embedding.vector, isTruncated: embedding.isTruncated)
        }
    }

    private static func encode(
        _ texts: [String],
        with encoder: SentenceEncoder,
        overlength: SentenceEncoder.Overlength
    ) throws(EncoderError) -> [SentenceEmbedding] {
        do {
            return try encoder.encode(texts, overlength: overlength)
        } catch {
            throw EncoderError(error.code == .tooLong ? .tooLong : .refused, error.description)
        }
    }
}
