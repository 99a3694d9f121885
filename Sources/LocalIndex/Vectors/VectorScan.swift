import CVectorScan

/// Finds the vectors with the highest inner product with a query, exactly.
///
/// A scan of 4-bit codes gives every slot an upper bound of its score. The exact scores of the slots with the highest
/// bounds set a threshold; then every slot whose bound reaches the threshold is scored exactly. A slot that is left out
/// is certainly worse than all that are returned.
struct VectorScan {
    struct Outcome {
        /// Slots, best first.
        var best: [TopHits.Item]
        /// How many slots were scored exactly, for measurements.
        var scored: Int
    }

    let kernel: cvs_kernel

    init(kernel: cvs_kernel = cvs_best_kernel()) {
        self.kernel = kernel
    }

    /// - Parameter allowed: One bit a slot; must cover `slots`.
    func best(
        of query: [Float], chunks: [MappedChunk], file: VectorFile, slots: Int, allowed: [UInt64], limit: Int
    ) throws(SystemFailure) -> Outcome {
        guard limit > 0, slots > 0 else { return Outcome(best: [], scored: 0) }
        var code = [Int8](repeating: 0, count: cvs_padded_dimension(query.count))
        return try query.withUnsafeBufferPointer { query throws(SystemFailure) in
            try code.withUnsafeMutableBufferPointer { code throws(SystemFailure) in
                guard let start = query.baseAddress, let codeStart = code.baseAddress else {
                    return Outcome(best: [], scored: 0)
                }
                let coded = cvs_encode_query(start, query.count, codeStart)
                let pass = Pass(
                    kernel: kernel, vector: start, dimension: query.count, chunks: chunks, file: file, slots: slots)
                return try pass.run(coded, allowed: allowed, limit: limit)
            }
        }
    }
}

extension VectorScan {
    /// One scan over all chunks.
    private struct Pass {
        let kernel: cvs_kernel
        let vector: UnsafePointer<Float>
        let dimension: Int
        let chunks: [MappedChunk]
        let file: VectorFile
        let slots: Int

        private static let group = Int(CVS_GROUP_ROWS)

        func run(_ query: cvs_query, allowed: [UInt64], limit: Int) throws(SystemFailure) -> Outcome {
            let groups = (slots + Self.group - 1) / Self.group
            let bounds = UnsafeMutablePointer<Float>.allocate(capacity: slots + groups + dimension)
            defer { bounds.deallocate() }
            let maxima = bounds + slots
            scan(query, allowed: allowed, bounds: bounds, maxima: maxima)
            return try select(
                limit: limit, bounds: bounds, maxima: maxima, groups: groups, stored: maxima + groups)
        }

        private func scan(
            _ query: cvs_query, allowed: [UInt64], bounds: UnsafeMutablePointer<Float>,
            maxima: UnsafeMutablePointer<Float>
        ) {
            allowed.withUnsafeBufferPointer { allowed in
                guard let words = allowed.baseAddress else { return }
                var query = query
                for (index, chunk) in chunks.enumerated() {
                    let first = index * VectorLayout.slotsPerChunk
                    var rows = chunk.rows(min(VectorLayout.slotsPerChunk, slots - first))
                    cvs_scan(
                        kernel, &query, &rows, words + first / Self.group, bounds + first,
                        maxima + first / Self.group)
                }
            }
        }

        private func select(
            limit: Int, bounds: UnsafeMutablePointer<Float>, maxima: UnsafePointer<Float>, groups: Int,
            stored: UnsafeMutablePointer<Float>
        ) throws(SystemFailure) -> Outcome {
            var top = TopHits(limit: limit)
            let seeds = highest(limit, bounds: bounds, maxima: maxima, groups: groups)
            for seed in seeds {
                top.offer(score: try score(seed, stored), number: seed)
                bounds[seed] = -.infinity
            }
            var scored = seeds.count
            // Also true for a threshold of minus infinity: then there are no more allowed slots than seeds.
            for group in 0..<groups where Double(maxima[group]) >= top.threshold && maxima[group] > -.infinity {
                for slot in group * Self.group..<min(slots, (group + 1) * Self.group)
                where bounds[slot] > -.infinity && Double(bounds[slot]) >= top.threshold {
                    top.offer(score: try score(slot, stored), number: slot)
                    scored += 1
                }
            }
            return Outcome(best: top.sorted(), scored: scored)
        }

        /// The slots with the highest bounds.
        private func highest(
            _ limit: Int, bounds: UnsafePointer<Float>, maxima: UnsafePointer<Float>, groups: Int
        ) -> [Int] {
            var top = TopHits(limit: limit)
            for group in 0..<groups where Double(maxima[group]) > top.threshold {
                for slot in group * Self.group..<min(slots, (group + 1) * Self.group)
                where bounds[slot] > -.infinity && Double(bounds[slot]) > top.threshold {
                    top.offer(score: Double(bounds[slot]), number: slot)
                }
            }
            return top.sorted().map(\.number)
        }

        private func score(_ slot: Int, _ stored: UnsafeMutablePointer<Float>) throws(SystemFailure) -> Double {
            try file.read(slot: slot, into: stored)
            return Double(cvs_dot(kernel, vector, stored, dimension))
        }
    }
}
