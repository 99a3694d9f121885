import COneDNN

/// What one thread needs to run the model: primitives and scratch memory, kept from batch to batch.
final class EncoderStream {
    private let context: OpaquePointer
    /// The element type of the rows between the products.
    private let element: conednn_type
    private var hidden: [Float] = []
    /// Working copies as bytes.
    private var input: [UInt8] = []
    private var projected: [UInt8] = []
    private var attended: [UInt8] = []
    private var widened: [UInt8] = []
    private var addend: [Float] = []

    init(element: conednn_type) throws(MiniLMError) {
        guard let context = conednn_context_create() else {
            throw MiniLMError(.engine, "oneDNN could not be started. Check that libdnnl is installed.")
        }
        self.context = context
        self.element = element
    }

    deinit { conednn_context_destroy(context) }

    /// The sentence vectors of token sequences, all rows in one product, attention sequence by sequence.
    ///
    /// - Parameter sequences: each not empty and not longer than the model's positions.
    func run(_ sequences: [[Int32]], weights: BertWeights) throws(MiniLMError) -> [[Float]] {
        let width = BertWeights.width
        let tokens = sequences.reduce(0) { $0 + $1.count }
        // Multiples of 16 rows: few shapes to prepare, and full tiles. The rows beyond the tokens are computed and dropped.
        let rows = (tokens + 15) / 16 * 16
        reserve(rows)
        try embed(sequences, weights: weights)
        normalise(rows, addend: nil, norm: weights.norm)
        for layer in weights.layers {
            try multiply(layer.attention, input, into: &projected, rows: rows)
            try attend(sequences)
            try multiplyToFloat(layer.output, attended, rows: rows)
            normalise(rows, addend: addend, norm: layer.outputNorm)
            try multiply(layer.widen, input, into: &widened, rows: rows, activation: CONEDNN_GELU)
            try multiplyToFloat(layer.narrow, widened, rows: rows)
            normalise(rows, addend: addend, norm: layer.narrowNorm)
        }
        return pool(sequences, width: width)
    }

    private var elementBytes: Int { element == CONEDNN_BF16 ? 2 : 4 }

    private func reserve(_ rows: Int) {
        let width = BertWeights.width
        func grow(_ bytes: inout [UInt8], _ columns: Int) {
            let needed = rows * columns * elementBytes
            if bytes.count < needed { bytes = [UInt8](repeating: 0, count: needed) }
        }
        if hidden.count < rows * width {
            hidden = [Float](repeating: 0, count: rows * width)
            addend = hidden
        }
        grow(&input, width)
        grow(&projected, 3 * width)
        grow(&attended, width)
        grow(&widened, BertWeights.inner)
    }

    private func embed(_ sequences: [[Int32]], weights: BertWeights) throws(MiniLMError) {
        let width = BertWeights.width
        let words = try weights.words()
        var row = 0
        for sequence in sequences {
            for (place, token) in sequence.enumerated() {
                let word = Int(token) * width
                for column in 0..<width {
                    hidden[row * width + column] = words[word + column] + weights.places[place * width + column]
                }
                row += 1
            }
        }
    }

    /// hidden = LayerNorm(hidden + addend), and a copy of it in the element type of the products.
    private func normalise(_ rows: Int, addend: [Float]?, norm: BertWeights.Norm) {
        let width = Int32(BertWeights.width)
        hidden.withUnsafeMutableBufferPointer { hidden in
            input.withUnsafeMutableBytes { input in
                let copy = element == CONEDNN_BF16 ? input.baseAddress?.assumingMemoryBound(to: UInt16.self) : nil
                conednn_layer_norm(
                    hidden.baseAddress, addend, norm.gamma, norm.beta, BertWeights.epsilon, Int32(rows), width, copy)
                if copy == nil {
                    input.copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: UnsafeRawBufferPointer(hidden)[..<(rows * Int(width) * 4)]))
                }
            }
        }
    }

    private func multiply(
        _ layer: Linear,
        _ source: [UInt8],
        into target: inout [UInt8],
        rows: Int,
        activation: conednn_activation = CONEDNN_IDENTITY
    ) throws(MiniLMError) {
        let done = target.withUnsafeMutableBytes { target in
            source.withUnsafeBytes { source in
                conednn_linear_run(
                    context, layer.handle, source.baseAddress, target.baseAddress, false, activation, Int32(rows))
            }
        }
        guard done else { throw MiniLMError(.engine, "oneDNN refused a product of \(rows) rows.") }
    }

    private func multiplyToFloat(_ layer: Linear, _ source: [UInt8], rows: Int) throws(MiniLMError) {
        let done = addend.withUnsafeMutableBytes { target in
            source.withUnsafeBytes { source in
                conednn_linear_run(
                    context, layer.handle, source.baseAddress, target.baseAddress, true, CONEDNN_IDENTITY, Int32(rows))
            }
        }
        guard done else { throw MiniLMError(.engine, "oneDNN refused a product of \(rows) rows.") }
    }

    private func attend(_ sequences: [[Int32]]) throws(MiniLMError) {
        var row = 0
        for sequence in sequences {
            let start = row * elementBytes * BertWeights.width
            let done = projected.withUnsafeBytes { projected in
                attended.withUnsafeMutableBytes { attended in
                    conednn_attention(
                        context, projected.baseAddress?.advanced(by: start * 3),
                        attended.baseAddress?.advanced(by: start),
                        element, Int32(sequence.count), Int32(BertWeights.heads), Int32(BertWeights.headSize))
                }
            }
            guard done else { throw MiniLMError(.engine, "oneDNN refused attention over \(sequence.count) tokens.") }
            row += sequence.count
        }
    }

    private func pool(_ sequences: [[Int32]], width: Int) -> [[Float]] {
        var row = 0
        return sequences.map { sequence in
            defer { row += sequence.count }
            return [Float](unsafeUninitializedCapacity: width) { vector, count in
                hidden.withUnsafeBufferPointer { hidden in
                    conednn_mean_normalised(
                        hidden.baseAddress?.advanced(by: row * width), Int32(sequence.count), Int32(width),
                        vector.baseAddress)
                }
                count = width
            }
        }
    }
}
