import CVectorScan

/// Where the parts of a slot lie in a vector file.
///
/// A file is one header page and then chunks of 4,096 slots. In a chunk, equal parts of all slots lie together: the
/// scan reads the codes in one stream and touches the vectors of the best rows only.
struct VectorLayout: Sendable, Hashable {
    static let headerBytes = 4096
    static let slotsPerChunk = 4096

    let dimension: Int
    let codeBytes: Int
    let scales: Int
    let errors: Int
    let norms: Int
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
        errors = scales + column
        norms = errors + column
        checksums = norms + column
        fineBytes = cvs_fine_bytes(dimension)
        fines = checksums + column
        vectors = fines + Self.slotsPerChunk * fineBytes
        chunkBytes = vectors + Self.slotsPerChunk * dimension * MemoryLayout<Float>.size
    }

    /// Bytes of a chunk that the scan needs: everything but the vectors.
    var codedBytes: Int { vectors }
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
