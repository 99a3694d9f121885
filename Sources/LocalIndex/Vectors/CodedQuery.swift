import CVectorScan

/// A query vector, and its codes for the scan and for the bounds after it.
struct CodedQuery: ~Copyable {
    let dimension: Int
    let vector: UnsafeMutablePointer<Float>
    /// For the scan.
    let coarse: cvs_query
    /// For the certain bounds.
    let fine: cvs_fine_query
    private let tables: UnsafeMutablePointer<UInt8>
    private let fineCode: UnsafeMutablePointer<Int16>

    init(_ query: [Float]) {
        dimension = query.count
        vector = .allocate(capacity: query.count)
        tables = .allocate(capacity: cvs_table_bytes(query.count))
        fineCode = .allocate(capacity: query.count)
        vector.initialize(from: query, count: query.count)
        cvs_rotate(vector, query.count)
        coarse = cvs_encode_query(vector, query.count, tables)
        vector.update(from: query, count: query.count)
        fine = cvs_encode_fine_query(vector, query.count, fineCode)
    }

    deinit {
        vector.deallocate()
        tables.deallocate()
        fineCode.deallocate()
    }
}
