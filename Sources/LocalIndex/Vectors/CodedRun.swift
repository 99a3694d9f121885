import CVectorScan

/// The codes and facts of vectors for slots that follow each other in one chunk.
struct CodedRun {
    /// Of whole blocks, since the codes of a block's slots are interleaved.
    private(set) var blocks: [UInt8]
    private(set) var scales: [Float] = []
    private(set) var spreads: [Float] = []
    private(set) var checksums: [UInt32] = []
    private(set) var fines: [UInt8]

    /// - Parameters:
    ///   - first: The first slot, whose place in its block is that in the chunk.
    ///   - block: What the first slot's block holds so far.
    init(_ vectors: UnsafeBufferPointer<Float>, layout: VectorLayout, first: Int, block: [UInt8]) {
        let count = vectors.count / layout.dimension
        let place = first % VectorLayout.slotsPerBlock
        let blockCount = (place + count + VectorLayout.slotsPerBlock - 1) / VectorLayout.slotsPerBlock
        blocks = block + [UInt8](repeating: 0, count: blockCount * layout.blockBytes - block.count)
        fines = [UInt8](repeating: 0, count: count * layout.fineBytes)
        var rotated = [Float](repeating: 0, count: layout.dimension)
        for index in 0..<count {
            let range = index * layout.dimension..<(index + 1) * layout.dimension
            let vector = UnsafeBufferPointer(rebasing: vectors[range])
            guard let start = vector.baseAddress else { return }
            rotated.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: vector) }
            cvs_rotate(&rotated, layout.dimension)
            encode(rotated, place: place + index, layout)
            fines.withUnsafeMutableBufferPointer { fines in
                guard let record = fines.baseAddress else { return }
                cvs_encode_fine_row(start, layout.dimension, record + index * layout.fineBytes)
            }
            checksums.append(cvs_checksum(start, layout.dimension, UInt64(first + index)))
        }
    }

    private mutating func encode(_ rotated: [Float], place: Int, _ layout: VectorLayout) {
        blocks.withUnsafeMutableBufferPointer { blocks in
            guard let start = blocks.baseAddress else { return }
            let facts = cvs_encode_row(
                rotated, layout.dimension, start + place / VectorLayout.slotsPerBlock * layout.blockBytes,
                place % VectorLayout.slotsPerBlock)
            scales.append(facts.scale)
            spreads.append(facts.spread)
        }
    }
}
