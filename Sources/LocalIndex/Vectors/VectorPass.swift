import CVectorScan

/// One search on its way through the chunks of a catalogue, with the memory it needs.
///
/// Keeps the candidates that are certainly among the best of what was looked at, or may be.
struct VectorPass: ~Copyable {
    private static let group = Int(CVS_GROUP_ROWS)
    private static let groups = VectorLayout.slotsPerChunk / group

    /// A slot and what its score does not exceed.
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
    /// Slots that promise little. They wait for the last threshold, which most of them do not reach.
    private var doubtful: [Candidate] = []
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
                if bounds[slot] - coarse.reach * rows.spreads[slot] >= threshold {
                    choose([slot], of: chunk)
                } else {
                    doubtful.append(Candidate(slot: first + slot, highest: bounds[slot]))
                }
            }
        }
        boundChosen(of: chunk, first: first)
    }

    /// The best slots of all that was looked at, by their exact scores.
    consuming func best(in catalogue: Catalogue) throws(SystemFailure) -> [TopHits.Item] {
        boundDoubtful(in: catalogue.chunks)
        candidates.removeAll { Double($0.highest) < certain.threshold }
        candidates.sort { $0.highest != $1.highest ? $0.highest > $1.highest : $0.slot < $1.slot }
        let stored = UnsafeMutablePointer<Float>.allocate(capacity: query.dimension)
        defer { stored.deallocate() }
        var top = TopHits(limit: limit)
        for candidate in candidates {
            if Double(candidate.highest) < top.threshold { break }
            try catalogue.file.read(slot: candidate.slot, into: stored)
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
        for slot in chosen {
            bound(first + slot, record: chunk.fineRecord(slot))
        }
        chosen.removeAll(keepingCapacity: true)
    }

    private mutating func boundDoubtful(in chunks: [MappedChunk]) {
        let ahead = 8
        let waiting = doubtful.filter { Double($0.highest) >= certain.threshold }
        for (place, candidate) in waiting.enumerated() {
            if place + ahead < waiting.count {
                cvs_prefetch_fine_row(Self.record(of: waiting[place + ahead].slot, in: chunks), query.dimension)
            }
            guard Double(candidate.highest) >= certain.threshold else { continue }
            bound(candidate.slot, record: Self.record(of: candidate.slot, in: chunks))
        }
        doubtful = []
    }

    private mutating func bound(_ slot: Int, record: UnsafePointer<UInt8>) {
        var fine = query.fine
        let interval = cvs_fine_bounds(kernel, &fine, record)
        guard Double(interval.highest) >= certain.threshold else { return }
        candidates.append(Candidate(slot: slot, highest: interval.highest))
        certain.offer(score: Double(interval.lowest), number: slot)
    }

    private static func record(of slot: Int, in chunks: [MappedChunk]) -> UnsafePointer<UInt8> {
        chunks[slot / VectorLayout.slotsPerChunk].fineRecord(slot % VectorLayout.slotsPerChunk)
    }
}
