import CVectorScan
import Testing

@Suite("Vector kernels")
struct KernelTests {
    static let kernels = [cvs_kernel_portable, cvs_kernel_neon, cvs_kernel_avx2, cvs_kernel_avx512_vnni]
        .filter { cvs_has_kernel($0) != 0 }
    static let dimensions = [1, 2, 31, 63, 64, 127, 128, 129, 384, 768, 1000, 4096]

    @Test("every kernel gives the same bounds as the portable one, bit for bit", arguments: dimensions)
    func sameBounds(dimension: Int) {
        var generator = SeededGenerator(seed: UInt64(dimension))
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
        var generator = SeededGenerator(seed: UInt64(dimension) + 1)
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

    @Test("the bound is never below the score, whatever the vectors look like", arguments: Shape.allCases)
    func boundHolds(shape: Shape) {
        var generator = SeededGenerator(seed: UInt64(shape.rawValue) + 11)
        for dimension in [1, 7, 128, 384, 2048] {
            for _ in 0..<5 {
                let vectors = (0..<100).map { _ in shape.vector(dimension, &generator) }
                let rows = CodedRows(vectors)
                let query = shape.vector(dimension, &generator)
                let bounds = rows.bounds(query, kernel: cvs_best_kernel()).bounds
                let broken = zip(vectors, bounds).filter { $1 < cvs_dot(cvs_kernel_portable, query, $0, dimension) }
                #expect(broken.isEmpty)
                var slack: (coarse: Float, fine: Float) = (0, 0)
                for (vector, bound) in zip(vectors, bounds) {
                    let fine = fineBounds(query, vector)
                    #expect(Set(fine.map(\.bitPattern)).count == 1)
                    let score = cvs_dot(cvs_kernel_portable, query, vector, dimension)
                    #expect(fine[0] >= score)
                    slack.coarse += bound - score
                    slack.fine += fine[0] - score
                }
                if shape == .uniform, dimension >= 128 { #expect(slack.fine < slack.coarse / 4) }
            }
        }
    }

    /// The second bound of one row by every kernel.
    private func fineBounds(_ query: [Float], _ vector: [Float]) -> [Float] {
        var record = [UInt8](repeating: 0xFF, count: cvs_fine_bytes(vector.count))
        cvs_encode_fine_row(vector, vector.count, &record)
        var code = [Int16](repeating: 0, count: query.count)
        return code.withUnsafeMutableBufferPointer { code in
            guard let start = code.baseAddress else { return [] }
            var coded = cvs_encode_fine_query(query, query.count, start)
            return Self.kernels.map { cvs_fine_bound($0, &coded, record) }
        }
    }

    @Test("rows that are not allowed get no bound and set no maximum")
    func disallowedRows() {
        var generator = SeededGenerator(seed: 5)
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

        func vector(_ dimension: Int, _ generator: inout SeededGenerator) -> [Float] {
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

/// Coded rows in memory.
private struct CodedRows {
    let dimension: Int
    var codes: [UInt8] = []
    var scales: [Float] = []
    var errors: [Float] = []
    var norms: [Float] = []

    init(_ vectors: [[Float]]) {
        dimension = vectors.first?.count ?? 0
        for vector in vectors {
            var code = [UInt8](repeating: 0, count: cvs_code_bytes(dimension))
            let facts = cvs_encode_row(vector, dimension, &code)
            codes += code
            scales.append(facts.scale)
            errors.append(facts.error)
            norms.append(facts.norm)
        }
    }

    func bounds(_ query: [Float], kernel: cvs_kernel, allowed: [UInt64]? = nil) -> (bounds: [Float], maxima: [Float]) {
        var code = [Int8](repeating: 0, count: cvs_padded_dimension(dimension))
        var bounds = [Float](repeating: .nan, count: scales.count)
        var maxima = [Float](repeating: .nan, count: (scales.count + 63) / 64)
        let words = allowed ?? [UInt64](repeating: .max, count: maxima.count)
        code.withUnsafeMutableBufferPointer { code in
            codes.withUnsafeBufferPointer { codes in
                guard let codeStart = code.baseAddress else { return }
                var coded = cvs_encode_query(query, dimension, codeStart)
                var rows = cvs_rows(codes: codes.baseAddress, scales: nil, errors: nil, norms: nil, count: scales.count)
                scales.withUnsafeBufferPointer { scales in
                    errors.withUnsafeBufferPointer { errors in
                        norms.withUnsafeBufferPointer { norms in
                            rows.scales = scales.baseAddress
                            rows.errors = errors.baseAddress
                            rows.norms = norms.baseAddress
                            cvs_scan(kernel, &coded, &rows, words, &bounds, &maxima)
                        }
                    }
                }
            }
        }
        return (bounds, maxima)
    }
}
