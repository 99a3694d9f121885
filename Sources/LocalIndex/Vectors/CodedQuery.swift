import CVectorScan

/// A query vector, and its codes for both bounds.
struct CodedQuery: ~Copyable {
    let dimension: Int
    let vector: UnsafeMutablePointer<Float>
    /// For the scan.
    let coarse: cvs_query
    /// For the second bound.
    let fine: cvs_fine_query
    private let coarseCode: UnsafeMutablePointer<Int8>
    private let fineCode: UnsafeMutablePointer<Int16>

    init(_ query: [Float]) {
        dimension = query.count
        vector = .allocate(capacity: query.count)
        vector.initialize(from: query, count: query.count)
        coarseCode = .allocate(capacity: cvs_padded_dimension(query.count))
        fineCode = .allocate(capacity: query.count)
        coarse = cvs_encode_query(vector, query.count, coarseCode)
        fine = cvs_encode_fine_query(vector, query.count, fineCode)
    }

    deinit {
        vector.deallocate()
        coarseCode.deallocate()
        fineCode.deallocate()
    }
}
