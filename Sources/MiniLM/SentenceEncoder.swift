import COneDNN

/// all-MiniLM-L6-v2: texts to vectors of 384 numbers (Reimers and Gurevych, arXiv 1908.10084; Wang et al., arXiv 2002.10957).
///
/// Cheap to copy; the weights are shared. Calls from several threads run side by side, each on the caller's thread alone.
/// A text's vector does not depend on what is encoded with it, to the last bit.
public struct SentenceEncoder: Sendable {
    /// What to do with a text that has more than ``maximumTokens``.
    public enum Overlength: Sendable {
        /// Throw ``MiniLMError`` with code `tooLong`.
        case refuse
        /// Leave out the end, and say so in the result.
        case truncate
    }

    public static let dimension = 384
    /// The most tokens of a text, the two special ones included: what the model was trained for.
    public static let maximumTokens = 256
    /// Rows of one product: enough to fill a core, few enough to stay in its cache.
    private static let batchTokens = 256

    public let precision: Precision
    public let tokenizer: WordPieceTokenizer
    private let weights: BertWeights
    private let streams: EncoderStreamPool

    /// Loads the model.
    ///
    /// - Parameters:
    ///   - directory: holds `model.safetensors` and `vocab.txt`.
    ///   - precision: `nil` takes the best for this processor.
    public init(directory: String, precision: Precision? = nil) throws(MiniLMError) {
        if precision == .bf16, !conednn_has_bf16() {
            throw MiniLMError(.engine, "This processor does not multiply bf16. Set encoder.precision to auto.")
        }
        let chosen = precision ?? .best
        self.precision = chosen
        tokenizer = try WordPieceTokenizer(path: directory + "/vocab.txt")
        weights = try BertWeights(path: directory + "/model.safetensors", type: chosen.layers)
        streams = EncoderStreamPool(element: chosen.element)
    }

    /// Names everything that changes the bits of a vector.
    public var fingerprint: String { "minilm-l6-v2/\(precision.rawValue)/\(String(cString: conednn_isa()))" }

    /// One embedding a text, in order.
    ///
    /// Computes on the calling thread, for milliseconds to seconds; call it from a thread that may be busy.
    public func encode(
        _ texts: [String],
        overlength: Overlength = .refuse
    ) throws(MiniLMError) -> [SentenceEmbedding] {
        var sequences: [[Int32]] = []
        var counts: [Int] = []
        for (index, text) in texts.enumerated() {
            let tokens = tokenizer.encode(text)
            counts.append(tokens.count)
            if tokens.count <= Self.maximumTokens {
                sequences.append(tokens)
            } else if overlength == .truncate {
                sequences.append(tokens.prefix(Self.maximumTokens - 1) + tokens.suffix(1))
            } else {
                throw MiniLMError(
                    .tooLong, "Text \(index) has \(tokens.count) tokens; the model takes \(Self.maximumTokens). Cut it."
                )
            }
        }
        var vectors: [[Float]] = []
        for batch in Self.batches(sequences) {
            vectors += try streams.withStream { stream throws(MiniLMError) in
                try stream.run(Array(sequences[batch]), weights: weights)
            }
        }
        return zip(vectors, counts).map { vector, count in
            SentenceEmbedding(vector: vector, tokenCount: count, isTruncated: count > Self.maximumTokens)
        }
    }

    /// Runs of sequences with at most ``batchTokens`` tokens, or of one.
    static func batches(_ sequences: [[Int32]]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        var tokens = 0
        for (index, sequence) in sequences.enumerated() {
            if index > start, tokens + sequence.count > batchTokens {
                batches.append(start..<index)
                start = index
                tokens = 0
            }
            tokens += sequence.count
        }
        if start < sequences.count { batches.append(start..<sequences.count) }
        return batches
    }
}
