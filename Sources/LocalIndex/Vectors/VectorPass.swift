import CVectorScan

/// One search over all slots, with the memory it needs.
struct VectorPass: ~Copyable {
    private static let group = Int(CVS_GROUP_ROWS)

    private let kernel: cvs_kernel
    private let query: CodedQuery
    private let chunks: [MappedChunk]
    private let file: VectorFile
    private let slots: Int
    private let groups: Int
    /// The upper bound of each slot's score; minus infinity for those not allowed or done.
    private let bounds: UnsafeMutablePointer<Float>
    /// The highest bound of each group of slots.
    private let maxima: UnsafeMutablePointer<Float>
    /// Room for one stored vector.
    private let stored: UnsafeMutablePointer<Float>

    init(kernel: cvs_kernel, query: consuming CodedQuery, catalogue: Catalogue) {
        self.kernel = kernel
        self.query = query
        chunks = catalogue.chunks
        file = catalogue.file
        slots = catalogue.state.slots
        groups = (slots + Self.group - 1) / Self.group
        bounds = .allocate(capacity: slots)
        maxima = .allocate(capacity: groups)
        stored = .allocate(capacity: catalogue.state.dimension)
    }

    deinit {
        bounds.deallocate()
        maxima.deallocate()
        stored.deallocate()
    }

    /// Fills in the bounds.
    func scan(allowed: [UInt64]) {
        allowed.withUnsafeBufferPointer { allowed in
            guard let words = allowed.baseAddress else { return }
            var coarse = query.coarse
            for (index, chunk) in chunks.enumerated() {
                let first = index * VectorLayout.slotsPerChunk
                var rows = chunk.rows(min(VectorLayout.slotsPerChunk, slots - first))
                cvs_scan(
                    kernel, &coarse, &rows, words + first / Self.group, bounds + first, maxima + first / Self.group)
            }
        }
    }

    /// The best slots; needs the bounds.
    func select(limit: Int) throws(SystemFailure) -> [TopHits.Item] {
        var top = TopHits(limit: limit)
        for seed in highestBounds(limit) {
            top.offer(score: try score(seed), number: seed)
            bounds[seed] = -.infinity
        }
        // With fewer seeds than the limit every allowed slot is a seed, and nothing is left to look at.
        for group in 0..<groups where maxima[group] > -.infinity && Double(maxima[group]) >= top.threshold {
            for slot in range(ofGroup: group)
            where bounds[slot] > -.infinity && Double(bounds[slot]) >= top.threshold
                && Double(fineBound(slot)) >= top.threshold
            {
                top.offer(score: try score(slot), number: slot)
            }
        }
        return top.sorted()
    }

    private func highestBounds(_ limit: Int) -> [Int] {
        var top = TopHits(limit: limit)
        for group in 0..<groups where Double(maxima[group]) > top.threshold {
            for slot in range(ofGroup: group) where Double(bounds[slot]) > top.threshold {
                top.offer(score: Double(bounds[slot]), number: slot)
            }
        }
        return top.sorted().map(\.number)
    }

    private func range(ofGroup group: Int) -> Range<Int> {
        group * Self.group..<min(slots, (group + 1) * Self.group)
    }

    private func fineBound(_ slot: Int) -> Float {
        var fine = query.fine
        let chunk = chunks[slot / VectorLayout.slotsPerChunk]
        return cvs_fine_bound(kernel, &fine, chunk.fineRecord(slot % VectorLayout.slotsPerChunk))
    }

    private func score(_ slot: Int) throws(SystemFailure) -> Double {
        try file.read(slot: slot, into: stored)
        return Double(cvs_dot(kernel, query.vector, stored, query.dimension))
    }
}
