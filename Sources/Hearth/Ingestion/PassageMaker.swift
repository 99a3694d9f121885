/// What makes passages of a project's documents, and the generation that they belong to.
public struct PassageMaker: Sendable {
    /// The most counted tokens of a passage, however many its encoder would take: a passage that holds much is near to
    /// nothing in particular. Encoders with a tokenizer at hand take less; those without count bytes, of which this many
    /// are about 300 tokens of code.
    public static let longestPassage = 1024

    public let encoder: any Encoder
    public let generation: IndexGeneration
    /// The most tokens of a passage.
    public let limit: Int
    private let chunker: Chunker

    /// - Parameter grammars: the fingerprint of the outliner's grammars.
    public init(encoder: any Encoder, outliner: any SyntaxOutliner, grammars: String) {
        self.encoder = encoder
        limit = min(encoder.identity.maximumTokens, Self.longestPassage)
        generation = IndexGeneration(
            encoder: encoder.identity.fingerprint, dimension: encoder.identity.dimension, chunker: Chunker.version,
            grammars: grammars)
        chunker = Chunker(outliner: outliner, limit: limit, tokenCount: { encoder.tokenCount(of: $0) })
    }

    /// The passages of a document.
    ///
    /// - Parameter limit: the most tokens of each.
    func passages(of text: SourceText, document: Document, limit: Int) -> [DraftPassage] {
        let language = Language.detect(path: document.path, head: text.bytes)
        let chunks = chunker.limited(to: limit).chunks(of: text.bytes, path: document.path, language: language)
        return chunks.map { chunk in
            let source = String(decoding: text.bytes[chunk.bytes], as: UTF8.self)
            let symbol = chunk.symbol ?? ""
            let name = PassageName(path: document.path, symbol: symbol)
            let hash = Digest.sha256(of: [chunk.header, source, name.text])
            let place = "\(document.path):\(chunk.bytes.lowerBound)"
            let passage = Passage(
                id: String(Digest.sha256(of: [place, hash]).prefix(32)),
                path: document.path,
                language: language.name,
                lines: chunk.lines,
                bytes: chunk.bytes,
                documentVersion: document.version,
                symbol: symbol,
                header: chunk.header,
                text: source,
                hash: hash)
            return DraftPassage(passage: passage, name: name, nameKeys: NameKeys.filed(chunk.names))
        }
    }

    /// One vector for each passage, in order, each of the generation's dimension: of its text and of its name.
    ///
    /// - Throws: ``EncoderError``.
    func vectors(of passages: [DraftPassage]) async throws -> [[Float]] {
        let names = passages.map(\.name.text).filter { !$0.isEmpty }
        let vectors = try await vectors(of: passages.map(\.passage.embeddedText) + names)
        var next = passages.count
        return zip(passages, vectors).map { draft, vector in
            guard !draft.name.text.isEmpty else { return vector }
            defer { next += 1 }
            return PassageName.mix(vector, vectors[next])
        }
    }

    private func vectors(of texts: [String]) async throws -> [[Float]] {
        let vectors = try await encoder.encode(texts)
        guard vectors.count == texts.count, vectors.allSatisfy({ $0.count == generation.dimension }) else {
            throw EncoderError(
                .dimensionMismatch,
                "The encoder \(encoder.identity.name) returned vectors of another dimension than "
                    + "\(generation.dimension). Check its configuration.")
        }
        return vectors
    }
}
