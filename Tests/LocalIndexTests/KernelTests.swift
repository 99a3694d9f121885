import CVectorScan
import Hearth
import Testing

@Suite("Vector kernels")
struct KernelTests {
    static let kernels = [cvs_kernel_portable, cvs_kernel_neon, cvs_kernel_avx2]
        .filter { cvs_has_kernel($0) != 0 }
    static let dimensions = [1, 2, 31, 63, 64, 127, 128, 129, 384, 768, 1000, 4096, 8193, 16_500]

    @Test("every kernel gives the same bounds as the portable one, bit for bit", arguments: dimensions)
    func sameBounds(dimension: Int) {
        var generator = SplitMix64(seed: UInt64(dimension))
        for count in [1, 2, 3, 5, 63, 64, 65, 131] {
            let rows = CodedRows((0..<count).map { _ in generator.vector(dimension) })
            let query = generator.vector(dimension)
            let expected = rows.bounds(query, kernel: cvs_kernel_portable)
            for kernel in Self.kernels {
                let found = rows.bounds(query, kernel: kernel)
                #expect(found.bounds.map(\.bitPattern) == expected.bounds.map(\.bitPattern))
                #expect(found.maxima.map(\.bitPattern) == expected.maxima.map(\.bitPattern))
            }
        }
    }

    @Test("every kernel adds an inner product up in the same order", arguments: dimensions)
    func sameProducts(dimension: Int) {
        var generator = SplitMix64(seed: UInt64(dimension) + 1)
        for _ in 0..<50 {
            let left = generator.vector(dimension)
            let right = generator.vector(dimension)
            let expected = cvs_dot(cvs_kernel_portable, left, right, dimension)
            let precise = zip(left, right).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(Double(expected) - precise) <= 1e-5 * Double(dimension).squareRoot())
            for kernel in Self.kernels {
                #expect(cvs_dot(kernel, left, right, dimension).bitPattern == expected.bitPattern)
            }
        }
    }

    @Test("the certain bounds hold, whatever the vectors look like", arguments: Shape.allCases)
    func certainBoundsHold(shape: Shape) {
        var generator = SplitMix64(seed: UInt64(shape.rawValue) + 11)
        for dimension in [1, 7, 128, 384, 2048] {
            for _ in 0..<500 {
                let query = shape.vector(dimension, &generator)
                let vector = shape.vector(dimension, &generator)
                let intervals = fineBounds(query, vector)
                #expect(Set(intervals.map { [$0.lowest.bitPattern, $0.highest.bitPattern] }).count == 1)
                let score = cvs_dot(cvs_kernel_portable, query, vector, dimension)
                #expect(intervals[0].lowest <= score && score <= intervals[0].highest)
            }
        }
    }

    @Test("a score hardly ever exceeds what the scan says, whatever the vectors look like", arguments: Shape.allCases)
    func scanHolds(shape: Shape) {
        var generator = SplitMix64(seed: UInt64(shape.rawValue) + 12)
        for dimension in [1, 7, 32, 128, 384, 2048] {
            var exceeded = 0
            for _ in 0..<10 {
                let vectors = (0..<200).map { _ in shape.vector(dimension, &generator) }
                let rows = CodedRows(vectors)
                let query = shape.vector(dimension, &generator)
                let bounds = rows.bounds(query, kernel: cvs_best_kernel()).bounds
                for (vector, bound) in zip(vectors, bounds)
                where bound < cvs_dot(cvs_kernel_portable, query, vector, dimension) {
                    exceeded += 1
                }
            }
            // Once in thirty thousand times is less than once in two thousand.
            #expect(exceeded <= 1, "\(dimension) dimensions")
        }
    }

    @Test("the scan tells far from near: what it adds to a score is four deviations of a sign code")
    func scanIsTight() {
        var generator = SplitMix64(seed: 13)
        let dimension = 384
        let vectors = (0..<500).map { _ in generator.vector(dimension) }
        let query = generator.vector(dimension)
        let bounds = CodedRows(vectors).bounds(query, kernel: cvs_best_kernel()).bounds
        for (vector, bound) in zip(vectors, bounds) {
            let score = cvs_dot(cvs_kernel_portable, query, vector, dimension)
            let squares =
                cvs_dot(cvs_kernel_portable, query, query, dimension)
                * cvs_dot(cvs_kernel_portable, vector, vector, dimension)
            // Four deviations of 0.75 / sqrt(383), and as many that an estimate may be off.
            #expect(bound - score <= 0.33 * squares.squareRoot())
        }
    }

    @Test("a rotation keeps lengths and inner products, and spreads one component over all", arguments: dimensions)
    func rotation(dimension: Int) {
        var generator = SplitMix64(seed: UInt64(dimension) + 2)
        var left = generator.vector(dimension)
        var right = generator.vector(dimension)
        let product = cvs_dot(cvs_kernel_portable, left, right, dimension)
        let length = cvs_dot(cvs_kernel_portable, left, left, dimension)
        cvs_rotate(&left, dimension)
        cvs_rotate(&right, dimension)
        let tolerance = 1e-4 * max(1, length)
        #expect(abs(cvs_dot(cvs_kernel_portable, left, right, dimension) - product) <= tolerance)
        #expect(abs(cvs_dot(cvs_kernel_portable, left, left, dimension) - length) <= tolerance)
        guard dimension >= 128 else { return }
        for place in [0, dimension / 2, dimension - 1] {
            var spike = [Float](repeating: 0, count: dimension)
            spike[place] = 1
            cvs_rotate(&spike, dimension)
            #expect(spike.map(abs).max() ?? 1 < 0.7)
        }
    }

    /// The certain bounds of one row by every kernel.
    private func fineBounds(_ query: [Float], _ vector: [Float]) -> [cvs_interval] {
        var record = [UInt8](repeating: 0xFF, count: cvs_fine_bytes(vector.count))
        cvs_encode_fine_row(vector, vector.count, &record)
        var code = [Int16](repeating: 0, count: query.count)
        return code.withUnsafeMutableBufferPointer { code in
            guard let start = code.baseAddress else { return [] }
            var coded = cvs_encode_fine_query(query, query.count, start)
            return Self.kernels.map { cvs_fine_bounds($0, &coded, record) }
        }
    }

    @Test("rows that are not allowed get no bound and set no maximum")
    func disallowedRows() {
        var generator = SplitMix64(seed: 5)
        let rows = CodedRows((0..<200).map { _ in generator.vector(16) })
        let query = generator.vector(16)
        let all = rows.bounds(query, kernel: cvs_best_kernel()).bounds
        var words: [UInt64] = [generator.next(), 0, generator.next(), 0b1010_0001]
        words[0] |= 1
        let some = rows.bounds(query, kernel: cvs_best_kernel(), allowed: words)
        for row in 0..<200 {
            let isAllowed = words[row / 64] >> UInt64(row % 64) & 1 == 1
            #expect(some.bounds[row] == (isAllowed ? all[row] : -.infinity))
        }
        for group in 0..<4 {
            #expect(some.maxima[group] == some.bounds[group * 64..<min(200, group * 64 + 64)].max())
        }
    }

    /// Vectors that are hard on the coder in different ways.
    enum Shape: Int, CaseIterable, Sendable {
        case uniform, oneSpike, heavyTail, zero, huge, tiny, constant

        func vector(_ dimension: Int, _ generator: inout SplitMix64) -> [Float] {
            var vector = generator.vector(dimension)
            switch self {
            case .uniform: break
            case .oneSpike: vector[Int.random(in: 0..<dimension, using: &generator)] = 1000
            case .heavyTail: vector = vector.map { 0.01 / ($0 == 0 ? 1 : $0) }
            case .zero: vector = vector.map { _ in 0 }
            case .huge: vector = vector.map { $0 * 1e14 }
            case .tiny: vector = vector.map { $0 * 1e-12 }
            case .constant: vector = vector.map { _ in 0.25 }
            }
            return vector
        }
    }
}

/// Coded rows in memory, with room for whole groups.
private struct CodedRows {
    let dimension: Int
    let count: Int
    var codes: [UInt8]
    var scales: [Float]
    var spreads: [Float]

    init(_ vectors: [[Float]]) {
        dimension = vectors.first?.count ?? 0
        count = vectors.count
        let room = (vectors.count + 63) / 64 * 64
        let block = cvs_code_bytes(dimension) * Int(CVS_BLOCK_ROWS)
        codes = [UInt8](repeating: 0xA5, count: room * cvs_code_bytes(dimension))
        scales = [Float](repeating: .nan, count: room)
        spreads = scales
        for (row, vector) in vectors.enumerated() {
            var rotated = vector
            cvs_rotate(&rotated, dimension)
            let start = row / Int(CVS_BLOCK_ROWS) * block
            let facts = codes.withUnsafeMutableBufferPointer { codes in
                codes.baseAddress.map {
                    cvs_encode_row(rotated, dimension, $0 + start, row % Int(CVS_BLOCK_ROWS))
                }
            }
            scales[row] = facts?.scale ?? .nan
            spreads[row] = facts?.spread ?? .nan
        }
    }

    func bounds(_ query: [Float], kernel: cvs_kernel, allowed: [UInt64]? = nil) -> (bounds: [Float], maxima: [Float]) {
        var tables = [UInt8](repeating: 0, count: cvs_table_bytes(dimension))
        var bounds = [Float](repeating: .nan, count: scales.count)
        var maxima = [Float](repeating: .nan, count: scales.count / 64)
        var rotated = query
        cvs_rotate(&rotated, dimension)
        tables.withUnsafeMutableBufferPointer { tables in
            guard let start = tables.baseAddress else { return }
            var coded = cvs_encode_query(rotated, dimension, start)
            codes.withUnsafeBufferPointer { codes in
                scales.withUnsafeBufferPointer { scales in
                    spreads.withUnsafeBufferPointer { spreads in
                        var rows = cvs_rows(
                            codes: codes.baseAddress, scales: scales.baseAddress, spreads: spreads.baseAddress,
                            count: count)
                        if let allowed {
                            cvs_scan(kernel, &coded, &rows, allowed, &bounds, &maxima)
                        } else {
                            cvs_scan(kernel, &coded, &rows, nil, &bounds, &maxima)
                        }
                    }
                }
            }
        }
        return (Array(bounds.prefix(count)), maxima)
    }
}
