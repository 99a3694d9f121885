import CVectorScan

/// One search on its way through the chunks of a catalogue, with the memory it needs.
///
/// Keeps the candidates that are certainly among the best of what was looked at, or may be.
struct VectorPass: ~Copyable {
    private static let group = Int(CVS_GROUP_ROWS)
    private static let groups = VectorLayout.slotsPerChunk / group

    private struct Candidate {
        let slot: Int
        let highest: Float
    }

    private let kernel: cvs_kernel
    private let query: CodedQuery
    private let limit: Int
    /// What each slot's score hardly exceeds, in one chunk; minus infinity for those not allowed.
    private let bounds: UnsafeMutablePointer<Float>
    /// The highest bound of each group of slots.
    private let maxima: UnsafeMutablePointer<Float>
    /// Slots of a chunk that are to be bounded with certainty.
    private var chosen: [Int] = []
    private var candidates: [Candidate] = []
    /// The best of what the candidates' scores certainly reach. A slot that does not reach its threshold is not among the best.
    private var certain: TopHits

    init(kernel: cvs_kernel, query: [Float], limit: Int) {
        self.kernel = kernel
        self.query = CodedQuery(query)
        self.limit = limit
        bounds = .allocate(capacity: VectorLayout.slotsPerChunk)
        maxima = .allocate(capacity: Self.groups)
        certain = TopHits(limit: limit)
    }

    deinit {
        bounds.deallocate()
        maxima.deallocate()
    }

    /// Looks at a chunk's first `count` slots, which are numbered from `first` on.
    mutating func look(at chunk: MappedChunk, first: Int, count: Int, allowed: UnsafePointer<UInt64>) {
        var coarse = query.coarse
        var rows = chunk.rows(count)
        cvs_scan(kernel, &coarse, &rows, allowed, bounds, maxima)
        let groups = (count + Self.group - 1) / Self.group
        // As long as nothing is known, those that promise most set the threshold for the others.
        if certain.count < limit {
            choose(highestBounds(groups: groups), of: chunk)
            boundChosen(of: chunk, first: first)
        }
        let threshold = Float(certain.threshold)
        for group in 0..<groups where maxima[group] > -.infinity && maxima[group] >= threshold {
            for slot in group * Self.group..<(group + 1) * Self.group
            where bounds[slot] > -.infinity && bounds[slot] >= threshold {
                choose([slot], of: chunk)
            }
        }
        boundChosen(of: chunk, first: first)
    }

    /// The best slots of all that was looked at, by their exact scores.
    consuming func best(in file: VectorFile) throws(SystemFailure) -> [TopHits.Item] {
        let stored = UnsafeMutablePointer<Float>.allocate(capacity: query.dimension)
        defer { stored.deallocate() }
        candidates.removeAll { Double($0.highest) < certain.threshold }
        candidates.sort { $0.highest != $1.highest ? $0.highest > $1.highest : $0.slot < $1.slot }
        var top = TopHits(limit: limit)
        for candidate in candidates {
            if Double(candidate.highest) < top.threshold { break }
            try file.read(slot: candidate.slot, into: stored)
            let score = cvs_dot(kernel, query.vector, stored, query.dimension)
            top.offer(score: Double(score), number: candidate.slot)
        }
        return top.sorted()
    }

    private func highestBounds(groups: Int) -> [Int] {
        var top = TopHits(limit: limit)
        for group in 0..<groups where Double(maxima[group]) > top.threshold {
            for slot in group * Self.group..<(group + 1) * Self.group where Double(bounds[slot]) > top.threshold {
                top.offer(score: Double(bounds[slot]), number: slot)
            }
        }
        return top.sorted().map(\.number)
    }

    /// Each slot is chosen once.
    private mutating func choose(_ slots: [Int], of chunk: MappedChunk) {
        for slot in slots {
            bounds[slot] = -.infinity
            cvs_prefetch_fine_row(chunk.fineRecord(slot), query.dimension)
            chosen.append(slot)
        }
    }

    private mutating func boundChosen(of chunk: MappedChunk, first: Int) {
        var fine = query.fine
        for slot in chosen {
            let interval = cvs_fine_bounds(kernel, &fine, chunk.fineRecord(slot))
            guard Double(interval.highest) >= certain.threshold else { continue }
            candidates.append(Candidate(slot: first + slot, highest: interval.highest))
            certain.offer(score: Double(interval.lowest), number: first + slot)
        }
        chosen.removeAll(keepingCapacity: true)
    }
}
