/// Which vectors can be stored and searched for.
enum VectorRules {
    /// Keeps every sum of products finite.
    private static let largestComponent: Float = 1e15

    static func check(_ vector: [Float], dimension: Int) throws(LocalIndexError) {
        guard vector.count == dimension else {
            throw LocalIndexError(
                .dimensionMismatch,
                "A vector has \(vector.count) dimensions and the index \(dimension): use the encoder it was built "
                    + "with, or build a new index.")
        }
        // Not-a-number compares false.
        guard vector.allSatisfy({ abs($0) <= largestComponent }) else {
            throw LocalIndexError(.invalidArgument, "A vector has components that are no usable numbers.")
        }
    }
}
