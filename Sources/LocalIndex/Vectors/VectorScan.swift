import CVectorScan

/// Finds the vectors with the highest inner product with a query, exactly.
///
/// A scan of 4-bit codes gives every slot an upper bound of its score. The exact scores of the slots with the highest
/// bounds set a threshold; every other slot whose bound reaches the threshold gets a tighter bound from 8-bit codes,
/// and if that reaches it too, its exact score. A slot that is left out is certainly worse than all that are returned.
struct VectorScan {
    let kernel: cvs_kernel

    init(kernel: cvs_kernel = cvs_best_kernel()) {
        self.kernel = kernel
    }

    /// The best slots of a catalogue, best first, equal scores by slot.
    ///
    /// - Parameter allowed: One bit a slot; must cover all slots.
    func best(
        of query: [Float], in catalogue: Catalogue, allowed: [UInt64], limit: Int
    ) throws(SystemFailure) -> [TopHits.Item] {
        guard limit > 0, catalogue.state.slots > 0 else { return [] }
        let pass = VectorPass(kernel: kernel, query: CodedQuery(query), catalogue: catalogue)
        pass.scan(allowed: allowed)
        return try pass.select(limit: min(limit, catalogue.state.slots))
    }
}
