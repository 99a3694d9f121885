import COneDNN

/// A dense layer, packed once for the processor. Immutable, so that all streams share it.
final class Linear: @unchecked Sendable {
    // check: allow unchecked because the C object is never changed after it was made
    let handle: OpaquePointer
    let outputs: Int

    /// - Parameters:
    ///   - weights: [outputs][inputs].
    init(weights: [Float], bias: [Float], inputs: Int, outputs: Int, type: conednn_type) throws(MiniLMError) {
        guard let handle = conednn_linear_create(weights, bias, Int32(inputs), Int32(outputs), type) else {
            throw MiniLMError(.engine, "oneDNN cannot multiply [\(inputs)][\(outputs)] matrices on this processor.")
        }
        self.handle = handle
        self.outputs = outputs
    }

    deinit { conednn_linear_destroy(handle) }
}
