import CVectorScan

/// Where the parts of a slot lie in a vector file.
///
/// A file is one header page and then chunks of 4,096 slots. In a chunk, equal parts of all slots lie together: the
/// scan reads the codes in one stream and touches records and vectors of the best rows only. Codes are interleaved in blocks
/// of 32 slots.
struct VectorLayout: Sendable, Hashable {
    static let headerBytes = 4096
    static let slotsPerChunk = 4096
    static let slotsPerBlock = Int(CVS_BLOCK_ROWS)

    let dimension: Int
    let codeBytes: Int
    let scales: Int
    let spreads: Int
    let checksums: Int
    let fineBytes: Int
    let fines: Int
    let vectors: Int
    let chunkBytes: Int

    init(dimension: Int) {
        self.dimension = dimension
        codeBytes = cvs_code_bytes(dimension)
        let column = Self.slotsPerChunk * MemoryLayout<Float>.size
        scales = Self.slotsPerChunk * codeBytes
        spreads = scales + column
        checksums = spreads + column
        fineBytes = cvs_fine_bytes(dimension)
        fines = checksums + column
        vectors = fines + Self.slotsPerChunk * fineBytes
        chunkBytes = vectors + Self.slotsPerChunk * dimension * MemoryLayout<Float>.size
    }

    /// Bytes of a chunk that the scan needs: everything but the vectors.
    var codedBytes: Int { vectors }
    var blockBytes: Int { Self.slotsPerBlock * codeBytes }
    var vectorBytes: Int { dimension * MemoryLayout<Float>.size }

    func chunks(forSlots slots: Int) -> Int {
        (slots + Self.slotsPerChunk - 1) / Self.slotsPerChunk
    }

    /// Bytes of a file with room for `slots`.
    func fileBytes(forSlots slots: Int) -> Int {
        Self.headerBytes + chunks(forSlots: slots) * chunkBytes
    }

    func offset(ofVector slot: Int) -> Int {
        offset(ofChunk: slot / Self.slotsPerChunk) + vectors + slot % Self.slotsPerChunk * vectorBytes
    }

    func offset(ofChunk chunk: Int) -> Int {
        Self.headerBytes + chunk * chunkBytes
    }
}
