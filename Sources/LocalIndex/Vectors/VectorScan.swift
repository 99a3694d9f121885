import CVectorScan

/// Finds the vectors with the highest inner product with a query.
///
/// A scan of 1-bit codes estimates every slot's score. A slot whose estimate lies more than four standard deviations below the
/// best so far is passed over; every other one gets certain bounds from 8-bit codes, and those that may be among the best
/// by these, their exact scores. So scores and order are exact, and a slot is left out wrongly at most once in thirty
/// thousand times.
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
        let slots = catalogue.state.slots
        guard limit > 0, slots > 0 else { return [] }
        var pass = VectorPass(kernel: kernel, query: query, limit: min(limit, slots))
        allowed.withUnsafeBufferPointer { allowed in
            guard let words = allowed.baseAddress else { return }
            for (index, chunk) in catalogue.chunks.enumerated() {
                let first = index * VectorLayout.slotsPerChunk
                pass.look(
                    at: chunk, first: first, count: min(VectorLayout.slotsPerChunk, slots - first),
                    allowed: words + first / Int(CVS_GROUP_ROWS))
            }
        }
        return try pass.best(in: catalogue)
    }
}
