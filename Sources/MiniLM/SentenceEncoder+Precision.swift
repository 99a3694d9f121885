import COneDNN

extension SentenceEncoder {
    /// How matrices are multiplied. Normalisation, softmax and residuals are fp32 in all.
    public enum Precision: String, Sendable, CaseIterable {
        case fp32
        /// Needs a processor that multiplies it.
        case bf16
        /// Weights with a scale for each output, fixed when the model is loaded; tokens with a scale and a zero of their own
        /// (Zafrir et al., "Q8BERT", arXiv 1910.06188). Attention is fp32.
        case int8

        /// What costs no retrieval worth naming and is fastest here of what was measured: bf16 where the processor
        /// multiplies it, int8 where it has AVX2, else fp32.
        public static var best: Self { conednn_has_bf16() ? .bf16 : conednn_has_int8() ? .int8 : .fp32 }
    }
}

extension SentenceEncoder.Precision {
    var layers: conednn_type {
        switch self {
        case .fp32: CONEDNN_F32
        case .bf16: CONEDNN_BF16
        case .int8: CONEDNN_INT8
        }
    }

    /// What rows between the products are made of.
    var element: conednn_type { self == .bf16 ? CONEDNN_BF16 : CONEDNN_F32 }
}
